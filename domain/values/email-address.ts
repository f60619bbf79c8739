/** Faults of a typed email address. */
export const emailFaults = ['not-an-email', 'email-alone', 'email-not-ascii'] as const;
export type EmailFault = (typeof emailFaults)[number];

/** An address as it is stored, or its fault. */
export type ReadEmail = { address: string } | { fault: EmailFault };

/**
 * Reads an email address as people type and paste it. Removes invisible characters, outer spaces, `mailto:` and trailing
 * punctuation, and keeps the rest as typed. Accepts any top-level domain, and every local part of RFC 5321 that needs no
 * quotes. Refuses a local part that is not ASCII, because our provider does not support SMTPUTF8 (RFC 6531).
 */
export function readEmailAddress(typed: string): ReadEmail {
  if (typed.length > maxTypedLength) return { fault: 'not-an-email' };
  const text = withoutWrapping(typed.normalize('NFKC').replaceAll(invisible, '').trim());
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const first = text.indexOf('@');
  const hasMore = /[<>]/.test(text) || (first >= 0 && /[\s,;]/.test(text.slice(first)));
  if (hasMore) return { fault: /@/.test(text) ? 'email-alone' : 'not-an-email' };
  const domain = text.slice(at + 1);
  const ascii = asciiDomain(domain);
  if (ascii === undefined || local === '') return { fault: 'not-an-email' };
  if (/[^\p{ASCII}]/u.test(local)) return { fault: 'email-not-ascii' };
  const isSound = dotAtom.test(local) && local.length <= 64 && local.length + 1 + ascii.length <= 254;
  if (!isSound) return { fault: 'not-an-email' };
  return { address: `${local}@${/[^\p{ASCII}]/u.test(domain) ? domain.toLowerCase() : domain}` };
}

/** Converts the domain of an address to Punycode (RFC 3492) for mail servers. Any other text stays unchanged. */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const ascii = asciiDomain(address.slice(at + 1).normalize('NFKC'));
  return at < 1 || ascii === undefined ? address : `${address.slice(0, at)}@${ascii}`;
}

/** Longest text to read: an address has at most 254 characters, and room is left for what surrounds a pasted one. */
const maxTypedLength = 400;
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu;
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

function withoutWrapping(text: string): string {
  const address = /^mailto:/i.test(text) ? decoded(text.slice('mailto:'.length).replace(/\?.*$/, '')) : text;
  return address.replace(/^<([^<>]*)>$/, '$1').replace(/[.,;]+$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Converts a domain to lower case ASCII; undefined for anything else, also for an IP address. */
function asciiDomain(domain: string): string | undefined {
  // excludes everything else that may follow a host in a URL, such as a port or a path
  if (!/^[\p{L}\p{M}\p{N}.\u3002\u00b7-]+$/u.test(domain)) return undefined;
  const host = hostOf(domain);
  const labels = host?.split('.') ?? [];
  const isDomain =
    labels.length > 1 && labels.every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/.test(label));
  return isDomain && /^[a-z].+$/.test(labels.at(-1) ?? '') ? host : undefined;
}

/** Uses the URL parser, which converts hosts by UTS #46 in Node and in browsers alike. */
function hostOf(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}
