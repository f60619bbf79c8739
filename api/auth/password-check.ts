import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { usernameKey } from '../../domain/accounts/username.ts';
import { type AccountRow, findAccount, replacePasswordHash } from '../../store/accounts/accounts.ts';
import { hashPassword, verifyPassword } from '../../store/accounts/passwords.ts';
import type { Deps } from '../deps.ts';
import { fail, ProblemError } from '../http/problems.ts';
import { networksOf } from '../http/request-origin.ts';
import type { KnownDevices } from './known-devices.ts';
import type { LogInLimiter } from './log-in-limits.ts';
import type { SecurityLog } from './security-log.ts';

/** A username, as it was typed, and a password. `refusedAs` names the security event of a wrong password. */
export interface TypedCredentials {
  username: string;
  password: string;
  refusedAs: 'log-in-refused' | 'step-up-refused';
}

/** The account whose password was right, the hash of it, and whether it has logged in on this device before. */
export interface CheckedAccount {
  account: AccountRow;
  passwordHash: string;
  isKnownDevice: boolean;
}

/**
 * Checks a password, within the limits of log-ins, and records what is refused. Unknown usernames take the same time and get
 * the same answer.
 * @throws a problem of type `log-in-failed` or `too-many-requests`
 */
export type PasswordCheck = (request: Request, typed: TypedCredentials) => Promise<CheckedAccount>;

/** Creates the check of passwords, for log-ins and for everything else that asks for one. */
export function createPasswordCheck(
  { db }: Pick<Deps, 'db'>,
  {
    countLogIn,
    knownDevices,
    recordSecurity,
  }: { countLogIn: LogInLimiter; knownDevices: KnownDevices; recordSecurity: SecurityLog },
): PasswordCheck {
  // verified for unknown usernames, so that response times do not reveal whether a username exists
  const unknownUserHash = hashPassword(randomBytes(32).toString('hex'));

  return async (request, { username: typed, password, refusedAs }) => {
    const username = usernameKey(typed);
    const device = await knownDevices.find(request, username);
    const account = await findAccount(db, username);
    const accountId = account?.accountId;
    const refundAttempt = await countLogIn({ username, networks: networksOf(request), device }).catch(
      async (error: unknown) => {
        if (error instanceof ProblemError)
          await recordSecurity(request, { kind: 'log-in-limited', accountId });
        throw error;
      },
    );
    const stored = account?.passwordHash ?? (await unknownUserHash);
    const { isRight, isCurrent } = await verifyPassword(stored, password);
    if (!account || !isRight) {
      await recordSecurity(request, { kind: refusedAs, accountId });
      return fail('log-in-failed');
    }
    await refundAttempt();
    const passwordHash = isCurrent ? stored : await replaceHash(account, password);
    return { account, passwordHash, isKnownDevice: device !== undefined };
  };

  /** Replaces the hash of a password by one with today's cost. @returns the hash that is stored then */
  async function replaceHash(account: StoredAccount, password: string): Promise<string> {
    const { accountId, username, passwordHash: was } = account;
    const passwordHash = await hashPassword(password);
    if (await replacePasswordHash(db, { accountId, was, passwordHash })) return passwordHash;
    // another log-in replaced it at the same time, or the password was changed
    const stored = (await findAccount(db, username))?.passwordHash;
    if (stored && (await verifyPassword(stored, password)).isRight) return stored;
    return fail('log-in-failed');
  }
}

type StoredAccount = NonNullable<Awaited<ReturnType<typeof findAccount>>>;
