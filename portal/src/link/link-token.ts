/** How many letters the token of a link has: 256 bits in base64url. */
const tokenLength = 43;

/** The page that a link leads to: whose, and with which secret. */
export interface ReadLink {
  /** The page's own address, without the secret. */
  path: string;
  /** Undefined: nothing whole is left of it. */
  token: string | undefined;
}

type Address = Pick<Location, 'pathname' | 'search' | 'hash'>;

/**
 * Reads a link of ours as it came through mail filters, messengers and fingers: with its `#` encoded once or twice or
 * lost, with what stood behind it in the message, with a query of somebody's before or after it, with marks that
 * nobody sees. Undefined: the address is none of a page with a secret link.
 */
export function readLink({ pathname, search, hash }: Address): ReadLink | undefined {
  const text = plainText(pathname + search + hash);
  const [start, name = '', id] = pageOfLink.exec(text) ?? [];
  if (start === undefined) return undefined;
  const path = id === undefined ? `/${name}` : `/${name}/${id}`;
  const rest = text.slice(start.length);
  const behindHash = rest.slice(rest.indexOf('#'));
  return { path: path.toLowerCase(), token: tokenOfLink(behindHash) ?? tokenOfLink(rest) };
}

const pageOfLink =
  /^\/+(register|(?:status|offer)(?=\/))(?:\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}))?(?![\w-])/i;

/**
 * The address that a link of ours has as we send it; undefined where the address is that one already, or none of
 * such a page. Whatever reads addresses after this, finds the secret behind the `#` and nowhere else.
 */
export function repairedAddress(address: Address): string | undefined {
  const link = readLink(address);
  if (link === undefined) return undefined;
  const { path, token } = link;
  const repaired = token === undefined ? path : `${path}#${token}`;
  return repaired === address.pathname + address.search + address.hash ? undefined : repaired;
}

/** The token in what stands behind a link's page; undefined where no whole one is left. */
function tokenOfLink(written: string): string | undefined {
  const text = plainText(written);
  // a line that was broken for the mail leaves its `=`; a mail that was shown undecoded writes `#` as `=23`
  const readings = [text, text.replaceAll('=', ''), text.replaceAll(/=(?:23|2d|5f)/gi, decodedByte)];
  for (const reading of readings) {
    const whole = reading.match(/[\w-]+/g)?.find((run) => run.length === tokenLength);
    if (whole !== undefined) return whole;
  }
  // glued to the word or the line that follows it
  const [, glued] = new RegExp(`#([\\w-]{${tokenLength}})`).exec(text) ?? [];
  return glued;
}

const decodedByte = (escape: string) => String.fromCharCode(Number.parseInt(escape.slice(1), 16));

/** Percent signs undone, as often as filters encode what is encoded; without what cannot be seen. */
function plainText(written: string): string {
  let text = written;
  for (let time = 0; time < 4; time += 1) text = text.replaceAll(/(?:%[\da-f]{2})+/gi, decodedPart);
  return (
    text
      .replaceAll(/&(?:#35|#x23|num);/gi, '#')
      // mail programs make dashes of hyphens
      .replaceAll(/[\u2010-\u2013\u2212\uFE63\uFF0D]/g, '-')
      .replaceAll('\u2014', '--')
      .replaceAll(/[\s\p{Cf}\p{Cc}\uFE00-\uFE0F\u034F]/gu, '')
  );
}

function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
