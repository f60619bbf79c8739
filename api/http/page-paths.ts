/**
 * Paths of the portal's pages, in the notation of its router. A test compares them with the router. Any other path is
 * answered 404, with the portal's own not-found page.
 */
export const pagePaths = [
  '/',
  '/login',
  '/log-in-help',
  '/forgot-password',
  '/reset-password',
  '/register',
  '/help',
  '/how-long',
  '/questions',
  '/privacy',
  '/accessibility',
  '/status',
  '/status/:id',
  '/offer',
  '/offer/:id',
  '/test-offer',
  '/test-offer/:id',
  '/hours',
  '/hours/:id',
  '/onboarding',
  '/profile',
  '/availability',
  '/inbox',
  '/history',
  '/figures',
  '/why-not-me',
  '/account',
  '/account/password',
  '/account/security',
  '/ops',
  '/ops/agents/:npn',
  '/ops/contact',
  '/administration',
] as const;

/** Document of every page but those that have one of their own. */
const mainDocument = 'index.html';
/** Pages with a document of their own, which loads less (`portal/src/consumer-entry.tsx`). */
const ownDocuments: Readonly<Partial<Record<(typeof pagePaths)[number], string>>> = {
  '/': 'start.html',
  '/help': 'help.html',
};

/** Every document of the built portal. None is served under its own name. */
export const documents: readonly string[] = [mainDocument, ...Object.values(ownDocuments)];

/** Document of a path, which is spelled as routes accept it; of what is no page, that with the portal's own page for it. */
export function documentOf(path: string): string {
  const known = pagePaths.find((page) => page === path.toLowerCase().replace(/(?<=.)\/$/, ''));
  return (known && ownDocuments[known]) ?? mainDocument;
}

/**
 * Kinds of paths. `page`: a page of the portal. `link`: a page whose link was rewritten by a mail filter, so that the
 * secret after its # is part of the path. `file`: a name with an extension or a leading dot. `lost`: none of these.
 */
export type PathKind = 'page' | 'link' | 'file' | 'lost';

/** Classifies a path. @param path still percent-encoded, without the query */
export function classifyPath(path: string): PathKind {
  const decoded = decodedPath(path).normalize('NFKC').replace(/^\/+/, '/');
  // before files: a period after a link is not a file extension
  if (isRewrittenLink(decoded)) return 'link';
  const segments = decoded.split('/');
  const isHidden = segments.some((segment) => segment.startsWith('.'));
  if (isHidden || /\.[a-z][a-z\d]{0,11}$/i.test(segments.at(-1) ?? '')) return 'file';
  return pagePattern.test(decoded) ? 'page' : 'lost';
}

/** Recognizes paths of the API, in upper or lower case as routes accept them. */
export function isApiPath(path: string): boolean {
  return /^\/(v1|health|docs|openapi\.json)(\/|$)/i.test(path);
}

/** Pages that links lead to. */
const linkPagePattern = /^\/(?:register|reset-password|status|offer|test-offer|hours)/i;
/** Such a page, or one with an id, followed by a character that no page path has. */
const foreignCharacterPattern =
  /^\/(?:register|reset-password|(?:status|offer|test-offer|hours)(?:\/[\w.-]*)?)[^\w/.-]/i;

/**
 * Recognizes a page that links lead to, followed by a character that no page path has, a `#`, or the 43 characters of a token.
 * Each pattern takes a time in proportion to the path: anybody can send one of 16,000 characters.
 */
function isRewrittenLink(decoded: string): boolean {
  const [page] = linkPagePattern.exec(decoded) ?? [];
  if (page === undefined) return false;
  return foreignCharacterPattern.test(decoded) || /#|[\w-]{43}/.test(decoded.slice(page.length));
}

const pagePattern = new RegExp(
  `^(${pagePaths.map((path) => path.replaceAll(/:\w+/g, '[^/]+').replace(/\/$/, '')).join('|')})/?$`,
  'i',
);

/** Decodes percent-encoding up to four times, because mail filters encode repeatedly. Invalid sequences stay. */
function decodedPath(path: string): string {
  let decoded = path;
  for (let round = 0; round < 4 && decoded.includes('%'); round += 1)
    decoded = decoded.replaceAll(/(?:%[\da-f]{2})+/gi, decodedPart);
  return decoded;
}

function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
