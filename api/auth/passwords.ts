import { hash, verify } from '@node-rs/argon2';
import { normalizePassword, passwordVariants } from '../../domain/accounts/password.ts';

/** The hash (argon2id) that is kept of a password, in its normal form. */
export function hashPassword(typed: string): Promise<string> {
  return hash(normalizePassword(typed));
}

/**
 * Whether a typed password is that of a hash, which may be from before passwords were normalized. How much work it is
 * depends on what was typed alone.
 * @returns `isNormal`: the hash is of the normal form; else it is to be replaced
 */
export async function verifyPassword(
  passwordHash: string,
  typed: string,
): Promise<{ isRight: boolean; isNormal: boolean }> {
  const [isNormal, ...asBefore] = await Promise.all(
    passwordVariants(typed).map((writing) => verify(passwordHash, writing)),
  );
  return { isRight: isNormal === true || asBefore.includes(true), isNormal: isNormal === true };
}
