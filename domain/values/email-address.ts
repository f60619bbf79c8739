/** Why what was typed is no address that mail can go to. */
export const emailFaults = ['not-an-email', 'email-alone', 'email-not-ascii'] as const;
export type EmailFault = (typeof emailFaults)[number];

/** An address as it is kept, or why it is none. */
export type ReadEmail = { address: string } | { fault: EmailFault };

/**
 * Reads an email address as people type and paste it. It is kept as it was typed, but for invisible marks, outer spaces,
 * `mailto:` and what punctuation follows it. No list of top-level domains decides, and every local part of RFC 5321 that
 * needs no quotes is taken. One that is not ASCII is refused: our provider does not speak SMTPUTF8 (RFC 6531).
 */
export function readEmailAddress(typed: string): ReadEmail {
  if (typed.length > maxTypedLength) return { fault: 'not-an-email' };
  const text = withoutWrapping(typed.normalize('NFKC').replaceAll(invisible, '').trim());
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const first = text.indexOf('@');
  const holdsMore = /[<>]/.test(text) || (first >= 0 && /[\s,;]/.test(text.slice(first)));
  if (holdsMore) return { fault: /@/.test(text) ? 'email-alone' : 'not-an-email' };
  const domain = text.slice(at + 1);
  const ascii = asciiDomain(domain);
  if (ascii === undefined || local === '') return { fault: 'not-an-email' };
  if (/[^\p{ASCII}]/u.test(local)) return { fault: 'email-not-ascii' };
  const isSound = dotAtom.test(local) && local.length <= 64 && local.length + 1 + ascii.length <= 254;
  if (!isSound) return { fault: 'not-an-email' };
  return { address: `${local}@${/[^\p{ASCII}]/u.test(domain) ? domain.toLowerCase() : domain}` };
}

/** The address as mail servers know it: its domain in Punycode (RFC 3492). What is no address stays as it is. */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const ascii = asciiDomain(address.slice(at + 1).normalize('NFKC'));
  return at < 1 || ascii === undefined ? address : `${address.slice(0, at)}@${ascii}`;
}

/** What a field of addresses is read up to: one has 254 characters at the most, and its domain is shorter as it is typed. */
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

/** A domain in ASCII and small letters; undefined for what is none, an IP address too. */
function asciiDomain(domain: string): string | undefined {
  // what else a host in a URL can hold, such as a port or a path, is no part of a domain
  if (!/^[\p{L}\p{M}\p{N}.\u3002\u00b7-]+$/u.test(domain)) return undefined;
  const host = hostOf(domain);
  const labels = host?.split('.') ?? [];
  const isDomain =
    labels.length > 1 && labels.every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/.test(label));
  return isDomain && /^[a-z].+$/.test(labels.at(-1) ?? '') ? host : undefined;
}

/** A URL's host is made ASCII by UTS #46, in Node and in every browser alike. */
function hostOf(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}
