import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { type AccountRow, endSession, openSession } from '../../../store/accounts/accounts.ts';
import { saveDevice } from '../../../store/accounts/known-devices.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { CheckedAccount, PasswordCheck } from '../../auth/password-check.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { createDeviceCookie, createSessionCookie } from '../../http/cookies.ts';
import { type Route, route } from '../../http/route.ts';
import { logInBody, type Session, session } from '../../schemas/accounts/session.ts';

/** Duration of a session. */
const sessionTtlMs = 12 * 60 * 60 * 1000;
/** Lifetime of the device cookie. Browsers keep no cookie longer than 400 days. */
const deviceTtlMs = 180 * 24 * 60 * 60 * 1000;

/** Routes to log in, to log out and to read the session. */
export function sessionRoutes(
  { db, settings, now }: Deps,
  { checkPassword, recordSecurity }: { checkPassword: PasswordCheck; recordSecurity: SecurityLog },
): Route[] {
  const device = createDeviceCookie(settings.publicUrl);
  const cookie = createSessionCookie(settings.publicUrl);

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
        await db.transaction().execute((tx) => open(tx, checked, request));
        return { status: 200, body: toSession(checked.account) };
      },
    }),
    route({
      key: 'GET /v1/session',
      summary: 'Get the account that is logged in',
      responses: { 200: { description: 'The account', schema: session } },
      handle: async ({ caller }) => ({ status: 200, body: toSession(caller) }),
    }),
    route({
      key: 'DELETE /v1/session',
      summary: 'Log out',
      responses: { 204: { description: 'Logged out' } },
      handle: async ({ request }) => {
        const token = cookie.read(request);
        const accountId = token && (await endSession(db, sha256(token)));
        if (accountId) await recordSecurity(request, { kind: 'log-out', accountId });
        if (request.res) cookie.clear(request.res);
        return { status: 204 };
      },
    }),
  ];

  /**
   * Opens a session and records the device as known. An unknown device gets a new token, because an attacker may have
   * planted the token it sent. The session of the request's cookie ends: a browser has only one.
   */
  async function open(tx: Tx, { account, isKnownDevice }: CheckedAccount, request: Request): Promise<void> {
    const { accountId } = account;
    const [token, at] = [newToken(), now()];
    const before = cookie.read(request);
    if (before) await endSession(tx, sha256(before));
    const expiresAt = new Date(at.getTime() + sessionTtlMs);
    await openSession(tx, { accountId, tokenSha256: sha256(token), at, expiresAt });
    const sentToken = device.read(request);
    const deviceToken = (isKnownDevice && sentToken) || newToken();
    await saveDevice(tx, {
      accountId,
      tokenSha256: sha256(deviceToken),
      ...(sentToken ? { before: sha256(sentToken) } : {}),
      at,
    });
    await recordSecurity(request, { kind: 'log-in', accountId }, tx);
    if (!request.res) return;
    cookie.set(request.res, token, sessionTtlMs);
    device.set(request.res, deviceToken, deviceTtlMs);
  }
}

const newToken = () => randomBytes(32).toString('base64url');

function toSession({ accountId, username, role, npn, firstName }: AccountRow): Session {
  return { accountId, username, role, npn, firstName };
}
