import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a secret link opens. */
export type LinkKind = 'invitation' | 'referral';

/**
 * The token of a link: 256 bits that only the holder of the secret can make, so that a mail which is sent again
 * carries the same link and no token ever rests in the database.
 */
export function linkToken(secret: string, kind: LinkKind, id: string): string {
  return createHmac('sha256', secret).update(`${kind}:${id}`).digest('base64url');
}

/** What the database keeps of a token or an idempotency key: its SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a token is the one whose hash is kept, in constant time. */
export function opens(token: string, tokenSha256: string): boolean {
  const [given, kept] = [Buffer.from(sha256(token)), Buffer.from(tokenSha256)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
