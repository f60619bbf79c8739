/**
 * The addresses that the portal has a page for, as its router writes them. A test holds them against the router: an
 * address that is not here is answered 404, with the page that says so.
 */
export const pagePaths = [
  '/',
  '/login',
  '/log-in-help',
  '/register',
  '/help',
  '/status',
  '/status/:id',
  '/offer',
  '/offer/:id',
  '/onboarding',
  '/profile',
  '/availability',
  '/inbox',
  '/ops',
  '/ops/agents/:npn',
] as const;

/**
 * What an address asks for. `page`: one of the portal's. `link`: a page whose link a mail filter has rewritten, so that
 * its secret arrived in the path. `file`: a name with an ending, or one that begins with a dot. `lost`: none of these.
 */
export type PathKind = 'page' | 'link' | 'file' | 'lost';

/** @param path as the request line has it, percent signs and all, without the query */
export function classifyPath(path: string): PathKind {
  const decoded = decodedPath(path).normalize('NFKC').replace(/^\/+/, '/');
  // before files: a full stop after a link is no ending of a file
  if (rewrittenLinkPattern.test(decoded)) return 'link';
  const segments = decoded.split('/');
  const isHidden = segments.some((segment) => segment.startsWith('.'));
  if (isHidden || /\.[a-z][a-z\d]{0,11}$/i.test(segments.at(-1) ?? '')) return 'file';
  return pagePattern.test(decoded) ? 'page' : 'lost';
}

/** Whether an address is the API's and none of the portal's, in any writing of it that a route takes. */
export function isApiPath(path: string): boolean {
  return /^\/(v1|health|docs|openapi\.json)(\/|$)/i.test(path);
}

/** The page of a link, and after it a sign that no page's address has, or a `#` or as many letters as a token has. */
const rewrittenLinkPattern = /^\/(?:register|(?:status|offer)(?:\/[^/]*)?)(?:[^\w/.-]|[^]*(?:#|[\w-]{43}))/i;

const pagePattern = new RegExp(
  `^(${pagePaths.map((path) => path.replaceAll(/:\w+/g, '[^/]+').replace(/\/$/, '')).join('|')})/?$`,
  'i',
);

/** Undone as often as filters encode what is encoded; what cannot be undone stays. */
function decodedPath(path: string): string {
  let decoded = path;
  for (let time = 0; time < 4 && decoded.includes('%'); time += 1)
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
