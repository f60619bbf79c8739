/** Length of a link's token: 256 bits in base64url. */
const tokenLength = 43;

/** A parsed link: its page, and its token if it is complete. */
export interface ReadLink {
  /** Path of the page, without the token. */
  path: string;
  /** The token; undefined if it is incomplete. */
  token: string | undefined;
}

type Address = Pick<Location, 'pathname' | 'search' | 'hash'>;

/**
 * Parses a link of the service that mail filters, messengers or people may have changed: the `#` encoded once or twice or
 * lost, text of the message after it, a query added before or after it, invisible characters in it.
 * @returns undefined if the address is not a page with a token
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
  /^\/+(register|reset-password|(?:status|offer|test-offer|hours)(?=\/))(?:\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}))?(?![\w-])/i;

/**
 * Restores the address of a link as the service sends it, so that later code finds the token only after the `#`.
 * @returns undefined if the address is correct already, or is not a page with a token
 */
export function repairedAddress(address: Address): string | undefined {
  const link = readLink(address);
  if (link === undefined) return undefined;
  const { path, token } = link;
  const repaired = token === undefined ? path : `${path}#${token}`;
  return repaired === address.pathname + address.search + address.hash ? undefined : repaired;
}

/** Finds the token in the text after the page's path; undefined if it is incomplete. */
function tokenOfLink(written: string): string | undefined {
  const text = plainText(written);
  // quoted-printable mail breaks lines with `=` and writes `#` as `=23`
  const readings = [text, text.replaceAll('=', ''), text.replaceAll(/=(?:23|2d|5f)/gi, decodedByte)];
  for (const reading of readings) {
    const whole = reading.match(/[\w-]+/g)?.find((run) => run.length === tokenLength);
    if (whole !== undefined) return whole;
  }
  // a token directly followed by other text
  const [, glued] = new RegExp(`#([\\w-]{${tokenLength}})`).exec(text) ?? [];
  return glued;
}

const decodedByte = (escape: string) => String.fromCharCode(Number.parseInt(escape.slice(1), 16));

/** Decodes percent encoding repeatedly, because filters encode it again, and removes invisible characters. */
function plainText(written: string): string {
  let text = written;
  for (let time = 0; time < 4; time += 1) text = text.replaceAll(/(?:%[\da-f]{2})+/gi, decodedPart);
  return (
    text
      .replaceAll(/&(?:#35|#x23|num);/gi, '#')
      // mail programs replace hyphens with dashes
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
