import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { type SecondFactorKind, secondFactorsAskedOf } from '../../domain/accounts/second-factor.ts';
import type { LogInWay } from '../../domain/accounts/security-events.ts';
import { usernameKey } from '../../domain/accounts/username.ts';
import { type AccountRow, findAccount, replacePasswordHash } from '../../store/accounts/accounts.ts';
import { hashPassword, verifyPassword } from '../../store/accounts/passwords.ts';
import { type ClaimedCode, claimCode, readSecondFactors } from '../../store/accounts/second-factors.ts';
import { tellOfRefusedCodes } from '../../store/agents/credential-changes.ts';
import type { Deps } from '../deps.ts';
import { fail, ProblemError } from '../http/problems.ts';
import { networksOf } from '../http/requests/request-origin.ts';
import type { CodeLimiter } from './code-limit.ts';
import type { KnownDevices } from './known-devices.ts';
import type { LogInLimiter } from './log-in-limits.ts';
import type { SecurityLog } from './security-log.ts';

/** A username and a password as they were typed. `refusedAs` names the security event of a wrong password or code. */
export interface TypedCredentials {
  username: string;
  password: string;
  /** Code of the authenticator app, or a recovery code. */
  code?: string | undefined;
  refusedAs: 'log-in-refused' | 'step-up-refused';
}

/** The account that showed who it is, and whether it has logged in on this device before. */
export interface CheckedAccount {
  account: AccountRow;
  /** The hash of the password that was right; undefined if a passkey was shown. */
  passwordHash: string | undefined;
  way: LogInWay;
  isKnownDevice: boolean;
}

/**
 * Checks a password and, where the account has one, the code of its second factor, within the limits of log-ins, and records
 * what is refused. Unknown usernames take the same time and get the same answer. Only who knows the password learns of a
 * second factor.
 * @throws a problem of type `log-in-failed`, `second-factor-required`, `second-factor-failed` or `too-many-requests`
 */
export type PasswordCheck = (request: Request, typed: TypedCredentials) => Promise<CheckedAccount>;

/** Creates the check of passwords, for log-ins and for everything else that asks for one. */
export function createPasswordCheck(
  { db, settings, now }: Pick<Deps, 'db' | 'settings' | 'now'>,
  {
    countLogIn,
    countCode,
    knownDevices,
    recordSecurity,
  }: {
    countLogIn: LogInLimiter;
    countCode: CodeLimiter;
    knownDevices: KnownDevices;
    recordSecurity: SecurityLog;
  },
): PasswordCheck {
  // verified for unknown usernames, so that response times do not reveal whether a username exists
  const unknownUserHash = hashPassword(randomBytes(32).toString('hex'));

  return async (request, { username: typed, password, code, refusedAs }) => {
    const username = usernameKey(typed);
    const device = await knownDevices.find(request, username);
    const account = await findAccount(db, username);
    const accountId = account?.accountId;
    const attempt = await countLogIn({ username, networks: networksOf(request), device }).catch(
      async (error: unknown) => {
        if (error instanceof ProblemError)
          await recordSecurity(request, { kind: 'log-in-limited', accountId });
        throw error;
      },
    );
    const stored = account?.passwordHash ?? (await unknownUserHash);
    const { isRight, isCurrent } = await verifyPassword(stored, password).catch(async (error: unknown) => {
      // too many passwords wait: this one is not checked, and may come again
      await attempt.takeBack();
      throw error;
    });
    const isOver = isRight && account?.passwordEndsAt && account.passwordEndsAt <= now();
    if (!account || !isRight || isOver) {
      await recordSecurity(request, {
        kind: refusedAs,
        accountId,
        ...(isOver ? { detail: 'password-ended' } : {}),
      });
      return fail('log-in-failed');
    }
    const { asked, claimed } = await checkSecondFactor(account, { code, device }).catch(
      async (error: unknown) => {
        // a code that is not even checked counts nowhere
        await attempt.takeBack();
        if (error instanceof ProblemError)
          await recordSecurity(request, { kind: 'log-in-limited', accountId, detail: 'codes' });
        throw error;
      },
    );
    if (asked.length > 0 && code !== undefined && !claimed) {
      await recordSecurity(request, { kind: refusedAs, accountId, detail: 'wrong-code' });
      return fail('second-factor-failed');
    }
    if (asked.length > 0 && !claimed) {
      await attempt.takeBack();
      await recordSecurity(request, { kind: 'second-factor-asked', accountId });
      return fail('second-factor-required', { members: { by: asked } });
    }
    await attempt.forgive();
    const passwordHash = isCurrent ? stored : await replaceHash(account, password);
    const way = claimed ? (`password-and-${claimed}` as const) : 'password';
    return { account, passwordHash, way, isKnownDevice: device !== undefined };
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

  /**
   * Uses up the code. With the last one that is checked today, the owner is told: whoever typed it knows the password.
   * @returns the factors of which the account has to show one, and what the code is; undefined: none, or a wrong one
   */
  async function checkSecondFactor(
    { accountId, role, npn }: AccountRow,
    { code, device }: { code: string | undefined; device: string | undefined },
  ): Promise<{ asked: readonly SecondFactorKind[]; claimed?: ClaimedCode | undefined }> {
    const factors = await readSecondFactors(db, accountId);
    const asked = secondFactorsAskedOf(role, factors);
    if (asked.length === 0 || code === undefined) return { asked };
    const counted = await countCode({ accountId, code, device });
    const [{ linkSecret }, at] = [settings, now()];
    const claimed = await claimCode(db, { accountId, keyId: factors.app?.keyId, linkSecret, code, at });
    if (claimed) await counted.takeBack();
    else if (counted.isLast)
      await db.transaction().execute((tx) => tellOfRefusedCodes(tx, { accountId, npn, at }));
    return { asked, claimed };
  }
}

type StoredAccount = NonNullable<Awaited<ReturnType<typeof findAccount>>>;
