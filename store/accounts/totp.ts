import { Secret, TOTP } from 'otpauth';
import { authenticatorKey } from '../tokens.ts';

/** What the secret of an authenticator app is derived from. */
export interface AppKey {
  linkSecret: string;
  accountId: string;
  keyId: string;
}

/** Name of the service in the app. */
const issuer = 'Help On Demand';
const stepMs = 30_000;
/** Steps of 30 seconds that a clock may be behind or ahead (RFC 6238, section 5.2). */
const tolerance = 1;

/** Returns the secret of an app in base32, and the address with which the app adds it (Google's Key Uri Format). */
export function appSecret(key: AppKey, username: string): { secret: string; uri: string } {
  const totp = totpOf(secretOf(key), username);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** Finds the step whose code this is, in constant time for each of the three steps that are looked at. */
export function stepOf(key: AppKey, { code, at }: { code: string; at: Date }): number | undefined {
  const timestamp = at.getTime();
  const delta = totpOf(secretOf(key)).validate({ token: code, timestamp, window: tolerance });
  return delta === null ? undefined : Math.floor(timestamp / stepMs) + delta;
}

/** Computes the code that an app with this secret (base32) shows at an instant. */
export function appCode(secret: string, at: Date): string {
  return totpOf(Secret.fromBase32(secret)).generate({ timestamp: at.getTime() });
}

/** Generates a recovery code: 128 random bits, in base32, which has no 0 and no 1. */
export function generateRecoveryCode(): string {
  return new Secret({ size: 16 }).base32;
}

function secretOf({ linkSecret, accountId, keyId }: AppKey): Secret {
  const bytes = new Uint8Array(authenticatorKey(linkSecret, { accountId, keyId }));
  return new Secret({ buffer: bytes.buffer });
}

// SHA-1, six digits and 30 seconds: the only ones that every app supports
function totpOf(secret: Secret, label = ''): TOTP {
  return new TOTP({ issuer, label, secret, algorithm: 'SHA1', digits: 6, period: stepMs / 1_000 });
}
