import type { Request } from 'express';
import type { SessionAccount } from '../../access.ts';
import type { PasskeyCheck } from '../../auth/passkey-check.ts';
import type { PasswordCheck } from '../../auth/password-check.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { SessionCookies } from '../../auth/session-cookies.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import type { AuthenticationResponse } from '../../schemas/accounts/passkeys.ts';
import { confirmationBody, logInBody, session } from '../../schemas/accounts/session.ts';
import { readSession, sessionHeaders, toSession } from './session-view.ts';

const secondFactorProblems = ['second-factor-required', 'second-factor-failed'] as const;

/** Routes to log in, to log out, to read the session and to confirm who one is. */
export function sessionRoutes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  {
    checkPassword,
    passkeys,
    sessionCookies,
    recordSecurity,
  }: {
    checkPassword: PasswordCheck;
    passkeys: PasskeyCheck;
    sessionCookies: SessionCookies;
    recordSecurity: SecurityLog;
  },
): Route[] {
  return [
    route({
      key: 'POST /v1/session',
      summary: 'Log in',
      body: logInBody,
      responses: {
        200: { description: 'Logged in', schema: session, headers: sessionHeaders },
      },
      problems: ['log-in-failed', ...secondFactorProblems, 'too-many-requests'],
      handle: async ({ body, request }) => {
        const checked = await checkPassword(request, { ...body, refusedAs: 'log-in-refused' });
        await sessionCookies.open(request, checked);
        return { status: 200, body: await readSession(db, checked.account, now()) };
      },
    }),
    route({
      key: 'GET /v1/session',
      summary: 'Get the account that is logged in',
      responses: {
        200: { description: 'The account', schema: session },
        204: { description: 'Nobody is logged in' },
      },
      problems: ['account-changed'],
      handle: async ({ caller }) => (caller ? { status: 200, body: toSession(caller) } : { status: 204 }),
    }),
    route({
      key: 'DELETE /v1/session',
      summary: 'Log out',
      responses: { 204: { description: 'Logged out' } },
      handle: async ({ request }) => {
        await sessionCookies.end(request);
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/session/confirmation',
      summary: 'Confirm who one is, after a 403 `re-authentication-required`',
      description:
        'For ten minutes (`CONFIRMATION_LASTS`) the session may then do what it was refused. Wrong passwords count as at log-in.',
      body: confirmationBody,
      responses: {
        200: {
          description: 'Confirmed',
          schema: session,
          headers: { 'Set-Cookie': 'The session cookie with another token; the former is worthless' },
        },
      },
      problems: ['log-in-failed', ...secondFactorProblems, 'passkey-refused', 'too-many-requests'],
      handle: async ({ body, caller, request }) => {
        if ('credential' in body) await checkPasskey(request, caller, body.credential);
        else
          await checkPassword(request, { ...body, username: caller.username, refusedAs: 'step-up-refused' });
        await sessionCookies.confirm(request, caller);
        return { status: 200, body: toSession(caller) };
      },
    }),
  ];

  async function checkPasskey(
    request: Request,
    { accountId }: SessionAccount,
    credential: AuthenticationResponse,
  ): Promise<void> {
    const used = await passkeys.verify(credential);
    if (used?.accountId === accountId) return;
    await recordSecurity(request, { kind: 'step-up-refused', accountId, detail: 'passkey' });
    fail('passkey-refused');
  }
}
