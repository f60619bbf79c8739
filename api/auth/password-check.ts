import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { usernameKey } from '../../domain/accounts/username.ts';
import { type AccountRow, findAccount, replacePasswordHash } from '../../store/accounts/accounts.ts';
import { isKnownDevice } from '../../store/accounts/known-devices.ts';
import { hashPassword, verifyPassword } from '../../store/accounts/passwords.ts';
import { sha256 } from '../../store/tokens.ts';
import type { Deps } from '../deps.ts';
import { createDeviceCookie } from '../http/cookies.ts';
import { fail, ProblemError } from '../http/problems.ts';
import { networksOf } from '../http/request-origin.ts';
import type { LogInLimiter } from './log-in-limits.ts';
import type { SecurityLog } from './security-log.ts';

/** A username, as it was typed, and a password. `refusedAs` names the security event of a wrong password. */
export interface TypedCredentials {
  username: string;
  password: string;
  refusedAs: 'log-in-refused' | 'step-up-refused';
}

/** The account whose password was right, and whether it has logged in on this device before. */
export interface CheckedAccount {
  account: AccountRow;
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
  { db, settings, now }: Pick<Deps, 'db' | 'settings' | 'now'>,
  { countLogIn, recordSecurity }: { countLogIn: LogInLimiter; recordSecurity: SecurityLog },
): PasswordCheck {
  const deviceCookie = createDeviceCookie(settings.publicUrl);
  // verified for unknown usernames, so that response times do not reveal whether a username exists
  const unknownUserHash = hashPassword(randomBytes(32).toString('hex'));

  return async (request, { username: typed, password, refusedAs }) => {
    const username = usernameKey(typed);
    const device = await findKnownDevice(request, username);
    const account = await findAccount(db, username);
    const accountId = account?.accountId;
    const refundAttempt = await countLogIn({ username, networks: networksOf(request), device }).catch(
      async (error: unknown) => {
        if (error instanceof ProblemError)
          await recordSecurity(request, { kind: 'log-in-limited', accountId });
        throw error;
      },
    );
    const passwordHash = account?.passwordHash ?? (await unknownUserHash);
    const { isRight, isCurrent } = await verifyPassword(passwordHash, password);
    if (!account || !isRight) {
      await recordSecurity(request, { kind: refusedAs, accountId });
      return fail('log-in-failed');
    }
    await refundAttempt();
    if (!isCurrent)
      await replacePasswordHash(db, {
        accountId: account.accountId,
        was: passwordHash,
        passwordHash: await hashPassword(password),
      });
    return { account, isKnownDevice: device !== undefined };
  };

  /** Returns the SHA-256 of the device's token, if this username has logged in on that device before. */
  async function findKnownDevice(request: Request, username: string): Promise<string | undefined> {
    const token = deviceCookie.read(request);
    if (!token) return undefined;
    const tokenSha256 = sha256(token);
    return (await isKnownDevice(db, { tokenSha256, username, at: now() })) ? tokenSha256 : undefined;
  }
}
