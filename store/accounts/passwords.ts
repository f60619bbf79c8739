import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import {
  generatedPasswordLastsMs,
  normalizePassword,
  passwordFaults,
  passwordVariants,
} from '../../domain/accounts/password.ts';
import type { StoredPassword } from './accounts.ts';

/**
 * Cost of a hash: argon2id, which is the library's default, with 19 MiB of memory, two passes and one lane, as OWASP recommends
 * (docs/sources.md). Hashes with another cost are replaced when their password is typed again.
 */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** The beginning of every hash with this cost. */
const currentPrefix = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

/**
 * Hashes that a process computes at once: half of Node's four threads, so that files and names of hosts, which need them
 * too, do not wait behind log-ins; and at most 38 MiB.
 */
const atOnce = 2;

/** Hashes that wait for their turn: some seconds of work. Whoever comes then is asked to come again. */
const mostWaiting = 300;

const inTurn = createTurns({ atOnce, mostWaiting });

/** Too many hashes wait for their turn. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** Hashes the normal form of a password with argon2id. @throws BusyError */
export function hashPassword(typed: string): Promise<string> {
  return inTurn(() => hash(normalizePassword(typed), cost));
}

/**
 * Verifies a typed password against a hash, which may be older than the normalization of passwords. The time it takes
 * depends on the typed text and the cost of the hash alone, so that it reveals nothing else about the hash.
 * @throws BusyError
 * @returns `isCurrent` is true if the hash was made from the normal form and with today's cost; if not, replace the hash
 */
export async function verifyPassword(
  passwordHash: string,
  typed: string,
): Promise<{ isRight: boolean; isCurrent: boolean }> {
  const [isNormal, ...otherVariants] = await Promise.all(
    passwordVariants(typed).map((variant) => inTurn(() => verify(passwordHash, variant))),
  );
  const isRight = isNormal === true || otherVariants.includes(true);
  return { isRight, isCurrent: isNormal === true && passwordHash.startsWith(currentPrefix) };
}

/**
 * Creates a queue in which at most so many pieces of work run at once. As many as may wait get their turn in their order; the
 * others are refused at once.
 */
export function createTurns(limits: {
  atOnce: number;
  mostWaiting: number;
}): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < limits.atOnce) running += 1;
    else if (waiting.length >= limits.mostWaiting)
      throw new BusyError('Too many passwords are being checked');
    else await new Promise<void>((begin) => void waiting.push(begin));
    try {
      return await work();
    } finally {
      // the next one takes over this turn
      const beginNext = waiting.shift();
      if (beginNext) beginNext();
      else running -= 1;
    }
  };
}

/** Generates a password for somebody else's account, which its owner has to replace. */
export async function generatePasswordFor(at: Date): Promise<StoredPassword & { password: string }> {
  const password = generatePassword();
  const passwordEndsAt = new Date(at.getTime() + generatedPasswordLastsMs);
  return { password, passwordHash: await hashPassword(password), passwordEndsAt };
}

/** Generates a random password of 128 bits that follows the password rules (docs/guide.md). */
export function generatePassword(): string {
  for (;;) {
    const password = `${randomBytes(16).toString('base64url')}-A7z`;
    if (passwordFaults(password).length === 0) return password;
  }
}
