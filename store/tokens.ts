import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ContactChannel } from '../domain/notifications/contact.ts';
import { asciiAddress } from '../domain/values/email-address.ts';

/** The page that a secret link opens. */
export type LinkKind = 'invitation' | 'referral' | 'offer' | 'rest' | 'test-offer' | 'password-reset';

/**
 * Derives the token of a link: 256 bits that only the holder of the secret can make. Mail that is sent again therefore
 * carries the same link, and no token is ever stored.
 */
export function linkToken(secret: string, kind: LinkKind, id: string): string {
  return createHmac('sha256', secret).update(`${kind}:${id}`).digest('base64url');
}

/**
 * Derives the six-digit code that confirms an agent's phone from the id of its row, as a link's token is derived. It is
 * not stored; checking a code derives it again.
 */
export function phoneCode(secret: string, id: string): string {
  return sixDigits(secret, `phone-code:${id}`);
}

/**
 * Derives the key of an authenticator app: 160 bits, as RFC 4226 recommends (section 4, R6). It is not stored, because it
 * could not be stored as a hash; checking a code derives it again.
 */
export function authenticatorKey(
  secret: string,
  { accountId, keyId }: { accountId: string; keyId: string },
): Uint8Array {
  return createHmac('sha256', secret).update(`authenticator:${accountId}:${keyId}`).digest().subarray(0, 20);
}

/**
 * Derives the six-digit code that confirms a consumer's phone or email address. Each channel has a code of its own: one
 * that arrived by mail proves nothing about the phone.
 */
export function contactCode(
  secret: string,
  { id, channel }: { id: string; channel: ContactChannel },
): string {
  return sixDigits(secret, `contact-code:${id}:${channel}`);
}

/**
 * Hashes a phone number (E.164) or an email address with the secret, so that the same contact is found again and nobody
 * without the secret can guess numbers. Addresses count as equal whatever their case, and with the domain in Unicode or
 * Punycode.
 * @returns 64 hex digits
 */
export function contactKey(secret: string, channel: ContactChannel, address: string): string {
  const spelling = channel === 'email' ? asciiAddress(address) : address;
  return createHmac('sha256', secret).update(`contact:${channel}:${spelling.toLowerCase()}`).digest('hex');
}

function sixDigits(secret: string, text: string): string {
  const digest = createHmac('sha256', secret).update(text).digest();
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isTimingSafeEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(sha256(one)), Buffer.from(sha256(other))];
  return timingSafeEqual(a, b);
}

/** Hashes a token or an idempotency key for storage: SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
