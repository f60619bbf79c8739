import { createPublicKey, verify } from 'node:crypto';

/** Result of a VAPID check: the sender's public key in base64url, or the reason of a refusal. */
export type VapidCheck = { publicKey: string } | { refused: string };

/**
 * Checks an `Authorization: vapid t=…, k=…` header as a push service does (RFC 8292). The token must be signed with the
 * key, name this origin, not have expired, and be valid for at most a day.
 */
export function checkVapid(authorization: string | undefined, origin: string, now: Date): VapidCheck {
  const fields = /^vapid\s+t=([\w.-]+)\s*,\s*k=([\w-]+)$/.exec(authorization ?? '');
  const [, token, publicKey] = fields ?? [];
  if (token === undefined || publicKey === undefined) return { refused: 'no VAPID authorization' };
  const [header, claims, signature] = token.split('.');
  if (!header || !claims || !signature) return { refused: 'no token' };
  if (!isSignedBy(publicKey, `${header}.${claims}`, signature)) return { refused: 'wrong signature' };

  const { aud, exp } = claimsOf(claims);
  if (aud !== origin) return { refused: 'token for another audience' };
  const lifeSeconds = typeof exp === 'number' ? exp - now.getTime() / 1_000 : 0;
  if (lifeSeconds <= 0 || lifeSeconds > 24 * 60 * 60)
    return { refused: 'token expired or valid for too long' };
  return { publicKey };
}

function isSignedBy(publicKey: string, content: string, signature: string): boolean {
  const point = Buffer.from(publicKey, 'base64url');
  const coordinate = (from: number) => point.subarray(from, from + 32).toString('base64url');
  try {
    const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    return verify('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }, bytes);
  } catch {
    return false;
  }
}

function claimsOf(encoded: string): { aud?: unknown; exp?: unknown } {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    return {};
  }
}
