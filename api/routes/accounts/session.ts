import { isAgentTerminated } from '../../../store/accounts/sessions.ts';
import type { SessionAccount } from '../../access.ts';
import type { PasswordCheck } from '../../auth/password-check.ts';
import type { SessionCookies } from '../../auth/session-cookies.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { confirmationBody, logInBody, type Session, session } from '../../schemas/accounts/session.ts';

/** Routes to log in, to log out, to read the session and to confirm who one is. */
export function sessionRoutes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { checkPassword, sessionCookies }: { checkPassword: PasswordCheck; sessionCookies: SessionCookies },
): Route[] {
  return [
    route({
      key: 'POST /v1/session',
      summary: 'Log in',
      body: logInBody,
      responses: {
        200: {
          description: 'Logged in',
          schema: session,
          headers: {
            'Set-Cookie':
              'The session cookie (HttpOnly, SameSite=Lax), and a device cookie, so that failed log-ins of strangers do not lock this device out',
          },
        },
      },
      problems: ['log-in-failed', 'too-many-requests'],
      handle: async ({ body, request }) => {
        const checked = await checkPassword(request, { ...body, refusedAs: 'log-in-refused' });
        const { account } = checked;
        await sessionCookies.open(request, checked);
        const isTerminated =
          account.npn !== null && (await isAgentTerminated(db, { npn: account.npn, at: now() }));
        return { status: 200, body: toSession({ ...account, isTerminated }) };
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
      problems: ['log-in-failed', 'too-many-requests'],
      handle: async ({ body, caller, request }) => {
        await checkPassword(request, { ...body, username: caller.username, refusedAs: 'step-up-refused' });
        await sessionCookies.confirm(request, caller);
        return { status: 200, body: toSession(caller) };
      },
    }),
  ];
}

type AccountView = Pick<
  SessionAccount,
  'accountId' | 'username' | 'role' | 'npn' | 'firstName' | 'isTerminated'
>;

function toSession({ accountId, username, role, npn, firstName, isTerminated }: AccountView): Session {
  return { accountId, username, role, npn, firstName, terminated: isTerminated };
}
