import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ContactChannel } from '../domain/notifications/contact.ts';
import { asciiAddress } from '../domain/values/email-address.ts';

/** What a secret link opens. */
export type LinkKind = 'invitation' | 'referral' | 'offer';

/**
 * The token of a link: 256 bits that only the holder of the secret can make, so that a mail which is sent again
 * carries the same link and no token ever rests in the database.
 */
export function linkToken(secret: string, kind: LinkKind, id: string): string {
  return createHmac('sha256', secret).update(`${kind}:${id}`).digest('base64url');
}

/**
 * The code of six digits that confirms a phone, derived from its row's id as a link's token is. Nothing of it is kept:
 * whoever checks one derives it anew.
 */
export function phoneCode(secret: string, id: string): string {
  return sixDigits(secret, `phone-code:${id}`);
}

/** The code that confirms a consumer's phone or address. Each has its own: what came by mail says nothing of the phone. */
export function contactCode(
  secret: string,
  { id, channel }: { id: string; channel: ContactChannel },
): string {
  return sixDigits(secret, `contact-code:${id}:${channel}`);
}

/**
 * What the database compares of a phone (E.164) or an address: a keyed hash that finds the same one again, and that
 * nobody without the secret can try numbers against. An address is the same in small letters and with its domain in Punycode.
 */
export function contactKey(secret: string, channel: ContactChannel, address: string): string {
  const same = channel === 'email' ? asciiAddress(address) : address;
  return createHmac('sha256', secret).update(`contact:${channel}:${same.toLowerCase()}`).digest('hex');
}

function sixDigits(secret: string, text: string): string {
  const digest = createHmac('sha256', secret).update(text).digest();
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** Whether two texts are the same, in a time that tells nothing about where they differ. */
export function isTimingSafeEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(sha256(one)), Buffer.from(sha256(other))];
  return timingSafeEqual(a, b);
}

/** What the database keeps of a token or an idempotency key: its SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a token is the one whose hash is kept, in constant time. */
export function isValidToken(token: string, tokenSha256: string): boolean {
  const [given, kept] = [Buffer.from(sha256(token)), Buffer.from(tokenSha256)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
