import type { Request } from 'express';
import { usernameKey } from '../../../domain/accounts/username.ts';
import { findAccount } from '../../../store/accounts/accounts.ts';
import {
  findPasswordReset,
  type PasswordReset,
  usePasswordReset,
} from '../../../store/accounts/password-resets.ts';
import { hashPassword } from '../../../store/accounts/passwords.ts';
import { sendPasswordReset } from '../../../store/onboarding/password-reset-requests.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { KnownDevices } from '../../auth/known-devices.ts';
import type { NewPasswordCheck } from '../../auth/new-password-check.ts';
import { changeAndRecordPassword } from '../../auth/password-change.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { inEvenTime } from '../../http/even-answer.ts';
import { fail } from '../../http/problems.ts';
import type { Checked } from '../../http/requests/checked.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { networksOf } from '../../http/requests/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import {
  type PasswordResetCompletion,
  passwordReset,
  passwordResetCompletion,
  passwordResetLookup,
  passwordResetReceived,
  passwordResetRequest,
} from '../../schemas/accounts/passwords.ts';

interface Tools {
  limiter: RateLimiter;
  knownDevices: KnownDevices;
  checkNewPassword: NewPasswordCheck;
  recordSecurity: SecurityLog;
}

/** Routes to set a new password by the link in a mail, for agents who cannot log in. */
export function passwordResetRoutes({ db, settings, now }: Deps, tools: Tools): Route[] {
  const { limiter, knownDevices, checkNewPassword, recordSecurity } = tools;
  return [
    route({
      key: 'POST /v1/password-reset',
      summary: 'Mail an agent a link to a new password',
      description:
        'The link is sent only to the email address of the MLMS profile. It is valid for 15 minutes ' +
        '(`PASSWORD_RESET_TTL`) and works once; a newer one replaces it. The response is always the same, after the ' +
        'same time. Accounts of the operations team get no link.',
      body: passwordResetRequest,
      responses: { 202: { description: 'Received', schema: passwordResetReceived } },
      handle: async ({ body, request }) => {
        await limiter.count('passwordResetsByNetwork', networksOf(request), request.res);
        await inEvenTime(() => answerByMail(request, usernameKey(body.username)));
        return { status: 202, body: { status: 'received' } };
      },
    }),
    route({
      key: 'POST /v1/password-reset/lookup',
      summary: 'Look up a link to a new password for its page',
      body: passwordResetLookup,
      responses: { 200: { description: 'The link can be used', schema: passwordReset } },
      problems: ['not-found', 'link-expired'],
      handle: async ({ body }) => {
        const { owner, expiresAt } = await requireUsableLink(body.token);
        return { status: 200, body: { username: owner.username, expiresAt: expiresAt.toISOString() } };
      },
    }),
    route({
      key: 'POST /v1/password-reset/completion',
      summary: 'Set a new password with the link in the mail',
      description:
        'All sessions of the account end, and its owner is told by mail. A second factor stays. It opens no session: ' +
        'log in with the new password.',
      body: passwordResetCompletion,
      responses: {
        204: {
          description: 'The new password holds',
          headers: {
            'Set-Cookie': 'A device cookie, so that failed log-ins of strangers do not lock this device out',
          },
        },
      },
      problems: ['not-found', 'link-expired'],
      check: checkCompletion,
      handle: async ({ body, known: { accountId, npn }, request }) => {
        const [passwordHash, at] = [await hashPassword(body.password), now()];
        const device = knownDevices.remember(request, { accountId, isKnown: false });
        await recordSecurity.inTransaction(request, async (tx, record) => {
          // of two completions at once, one finds the link used
          if (!(await usePasswordReset(tx, { tokenSha256: sha256(body.token), at }))) fail('not-found');
          const change = { accountId, npn, at, passwordHash, exceptTokenSha256: undefined };
          await changeAndRecordPassword(tx, record, { ...change, how: 'password-reset' });
          await device.save(tx);
        });
        device.setCookie();
        return { status: 204 };
      },
    }),
  ];

  /** Sends the link, if the username is that of an agent and not too many were asked for. */
  async function answerByMail(request: Request, username: string): Promise<void> {
    if (!(await isWithinLimits(request, username))) return;
    const account = await findAccount(db, username);
    await recordSecurity.inTransaction(request, async (tx, record) => {
      const { linkSecret, policy } = settings;
      if (account?.npn)
        await sendPasswordReset(tx, {
          accountId: account.accountId,
          npn: account.npn,
          at: now(),
          ttlMs: policy.passwordResetTtlMs,
          linkSecret,
        });
      await record({ kind: 'password-reset-requested', accountId: account?.accountId });
    });
  }

  /**
   * Counts a request for a username, which need not exist. A known device has an allowance of its own, so that strangers can
   * neither flood a mailbox nor use up what its owner may ask for.
   */
  async function isWithinLimits(request: Request, username: string): Promise<boolean> {
    const device = await knownDevices.find(request, username);
    if (device)
      return (await limiter.tryCount('passwordResetsByDevice', `${username} ${device}`)) !== undefined;
    const both = `${username} ${networksOf(request).at(-1)}`;
    return (
      (await limiter.tryCount('passwordResetsByBoth', both)) !== undefined &&
      (await limiter.tryCount('passwordResetsByUsername', username)) !== undefined
    );
  }

  /** Returns the link of a token. @throws a problem: 410 if it has expired; 404 if it was used or replaced */
  async function requireUsableLink(token: string): Promise<PasswordReset> {
    const found = (await findPasswordReset(db, sha256(token))) ?? fail('not-found');
    if (now() >= found.expiresAt) fail('link-expired', { members: { at: found.expiresAt.toISOString() } });
    return found;
  }

  /** Checks the link first, so that nothing is said about a password without a valid one. */
  async function checkCompletion(
    { token }: Partial<PasswordResetCompletion>,
    { request }: { request: Request },
  ): Promise<Checked<PasswordReset>> {
    if (token === undefined) return { faults: [] };
    const found = await requireUsableLink(token);
    const faults = checkNewPassword(request.body, found.owner);
    return faults.length > 0 ? { faults } : { known: found };
  }
}
