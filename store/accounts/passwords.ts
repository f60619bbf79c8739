import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { normalizePassword, passwordFaults, passwordVariants } from '../../domain/accounts/password.ts';

/** Hashes the normal form of a password with argon2id. */
export function hashPassword(typed: string): Promise<string> {
  return hash(normalizePassword(typed));
}

/**
 * Verifies a typed password against a hash, which may be older than the normalization of passwords. The time it takes
 * depends on the typed text alone, so that it reveals nothing about the hash.
 * @returns `isNormal` is true if the hash was made from the normal form; if not, replace the hash
 */
export async function verifyPassword(
  passwordHash: string,
  typed: string,
): Promise<{ isRight: boolean; isNormal: boolean }> {
  const [isNormal, ...otherVariants] = await Promise.all(
    passwordVariants(typed).map((variant) => verify(passwordHash, variant)),
  );
  return { isRight: isNormal === true || otherVariants.includes(true), isNormal: isNormal === true };
}

/** Generates a random password that follows the password rules (docs/guide.md). */
export function generatePassword(): string {
  for (;;) {
    const password = `${randomBytes(12).toString('base64url')}-A7z`;
    if (passwordFaults(password).length === 0) return password;
  }
}
