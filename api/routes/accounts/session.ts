import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { usernameKey } from '../../../domain/accounts/username.ts';
import {
  type AccountRow,
  endSession,
  findAccount,
  openSession,
  replacePasswordHash,
} from '../../../store/accounts/accounts.ts';
import { isKnownDevice, saveDevice } from '../../../store/accounts/known-devices.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { LogInLimiter } from '../../auth/log-in-limits.ts';
import { hashPassword, verifyPassword } from '../../auth/passwords.ts';
import type { Deps } from '../../deps.ts';
import { createDeviceCookie, createSessionCookie } from '../../http/cookies.ts';
import { fail } from '../../http/problems.ts';
import { networksOf } from '../../http/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { logInBody, type Session, session } from '../../schemas/accounts/session.ts';

/** Duration of a session. */
const sessionTtlMs = 12 * 60 * 60 * 1000;
/** Lifetime of the device cookie. Browsers keep no cookie longer than 400 days. */
const deviceTtlMs = 180 * 24 * 60 * 60 * 1000;

/** Routes to log in, to log out and to read the session. */
export function sessionRoutes({ db, settings, now }: Deps, countLogIn: LogInLimiter): Route[] {
  const device = createDeviceCookie(settings.publicUrl);
  const cookie = createSessionCookie(settings.publicUrl);
  // verified for unknown usernames, so that response times do not reveal whether a username exists
  const unknownUserHash = hashPassword(randomBytes(32).toString('hex'));

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
      handle: async ({ body: { username: typed, password }, request }) => {
        const username = usernameKey(typed);
        const attempt = {
          username,
          networks: networksOf(request),
          device: await findKnownDevice(request, username),
        };
        const refundAttempt = await countLogIn(attempt);
        const account = await findAccount(db, username);
        const passwordHash = account?.passwordHash ?? (await unknownUserHash);
        const { isRight, isNormal } = await verifyPassword(passwordHash, password);
        if (!account || !isRight) fail('log-in-failed');
        await refundAttempt();
        const { accountId } = account;
        const newHash = isNormal ? undefined : await hashPassword(password);
        await db.transaction().execute(async (tx) => {
          if (newHash) await replacePasswordHash(tx, { accountId, was: passwordHash, passwordHash: newHash });
          await open(tx, account, { request, isKnown: attempt.device !== undefined });
        });
        return { status: 200, body: toSession(account) };
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
        await endCookieSession(request, (tokenSha256) => endSession(db, tokenSha256));
        if (request.res) cookie.clear(request.res);
        return { status: 204 };
      },
    }),
  ];

  /** Returns the SHA-256 of the device's token, if this username has logged in on that device before. */
  async function findKnownDevice(request: Request, username: string): Promise<string | undefined> {
    const token = device.read(request);
    if (!token) return undefined;
    const tokenSha256 = sha256(token);
    return (await isKnownDevice(db, { tokenSha256, username, at: now() })) ? tokenSha256 : undefined;
  }

  /**
   * Opens a session and records the device as known. An unknown device gets a new token, because an attacker may have
   * planted the token it sent.
   */
  async function open(
    tx: Tx,
    { accountId }: AccountRow,
    { request, isKnown }: { request: Request; isKnown: boolean },
  ): Promise<void> {
    const [token, at] = [newToken(), now()];
    await endCookieSession(request, (tokenSha256) => endSession(tx, tokenSha256));
    const expiresAt = new Date(at.getTime() + sessionTtlMs);
    await openSession(tx, { accountId, tokenSha256: sha256(token), at, expiresAt });
    const sentToken = device.read(request);
    const deviceToken = (isKnown && sentToken) || newToken();
    await saveDevice(tx, {
      accountId,
      tokenSha256: sha256(deviceToken),
      ...(sentToken ? { before: sha256(sentToken) } : {}),
      at,
    });
    if (!request.res) return;
    cookie.set(request.res, token, sessionTtlMs);
    device.set(request.res, deviceToken, deviceTtlMs);
  }

  /** Ends the session of the request's cookie: a browser has only one session. */
  async function endCookieSession(
    request: Request,
    end: (tokenSha256: string) => Promise<void>,
  ): Promise<void> {
    const token = cookie.read(request);
    if (token) await end(sha256(token));
  }
}

const newToken = () => randomBytes(32).toString('base64url');

function toSession({ accountId, username, role, npn, firstName }: AccountRow): Session {
  return { accountId, username, role, npn, firstName };
}
