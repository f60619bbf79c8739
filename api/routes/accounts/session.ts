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
import type { SessionAccount } from '../../access.ts';
import type { LogInLimiter } from '../../auth/log-in-limits.ts';
import { hashPassword, verifyPassword } from '../../auth/passwords.ts';
import type { Deps } from '../../deps.ts';
import { createDeviceCookie, createSessionCookie } from '../../http/cookies.ts';
import { fail } from '../../http/problems.ts';
import { networksOf } from '../../http/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { logInBody, type Session, session } from '../../schemas/accounts/session.ts';

/** How long a log-in lasts. */
const sessionTtlMs = 12 * 60 * 60 * 1000;
/** How long a browser keeps what makes its device known: browsers keep no cookie longer than 400 days. */
const deviceTtlMs = 180 * 24 * 60 * 60 * 1000;

export function sessionRoutes({ db, settings, now }: Deps, countLogIn: LogInLimiter): Route[] {
  const device = createDeviceCookie(settings.publicUrl);
  const cookie = createSessionCookie(settings.publicUrl);
  // an unknown username costs the same work as a known one, so that time does not tell them apart
  const nobodysHash = hashPassword(randomBytes(32).toString('hex'));

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
              'The session: HttpOnly, SameSite=Lax; and the device, whose owner wrong passwords of strangers do not keep out',
          },
        },
      },
      problems: ['log-in-failed', 'too-many-requests'],
      handle: async ({ body: { username: typed, password }, request }) => {
        const username = usernameKey(typed);
        const tried = {
          username,
          networks: networksOf(request),
          device: await knownDevice(request, username),
        };
        const wasRight = await countLogIn(tried);
        const account = await findAccount(db, username);
        const passwordHash = account?.passwordHash ?? (await nobodysHash);
        const { isRight, isNormal } = await verifyPassword(passwordHash, password);
        if (!account || !isRight) fail('log-in-failed');
        await wasRight();
        const { accountId } = account;
        const newHash = isNormal ? undefined : await hashPassword(password);
        await db.transaction().execute(async (tx) => {
          if (newHash) await replacePasswordHash(tx, { accountId, was: passwordHash, passwordHash: newHash });
          await open(tx, account, { request, isKnown: tried.device !== undefined });
        });
        return { status: 200, body: toSession(account) };
      },
    }),
    route({
      key: 'GET /v1/session',
      summary: 'Who is logged in',
      responses: { 200: { description: 'The account', schema: session } },
      handle: async ({ caller }) => ({ status: 200, body: toSession(caller) }),
    }),
    route({
      key: 'DELETE /v1/session',
      summary: 'Log out',
      responses: { 204: { description: 'Nobody is logged in any more' } },
      handle: async ({ request }) => {
        await endOwn(request, (tokenSha256) => endSession(db, tokenSha256));
        if (request.res) cookie.clear(request.res);
        return { status: 204 };
      },
    }),
  ];

  /** The device that a log-in comes from, if somebody has logged in with this username on it. */
  async function knownDevice(request: Request, username: string): Promise<string | undefined> {
    const token = device.read(request);
    if (!token) return undefined;
    const tokenSha256 = sha256(token);
    return (await isKnownDevice(db, { tokenSha256, username, at: now() })) ? tokenSha256 : undefined;
  }

  /**
   * Opens a session, and makes the device known. One that is not known yet gets a token of its own: the one it came with
   * may have been put there by somebody who keeps it.
   */
  async function open(
    tx: Tx,
    { accountId }: AccountRow,
    { request, isKnown }: { request: Request; isKnown: boolean },
  ): Promise<void> {
    const [token, at] = [newToken(), now()];
    await endOwn(request, (tokenSha256) => endSession(tx, tokenSha256));
    const expiresAt = new Date(at.getTime() + sessionTtlMs);
    await openSession(tx, { accountId, tokenSha256: sha256(token), at, expiresAt });
    const before = device.read(request);
    const own = (isKnown && before) || newToken();
    await saveDevice(tx, {
      accountId,
      tokenSha256: sha256(own),
      ...(before ? { before: sha256(before) } : {}),
      at,
    });
    if (!request.res) return;
    cookie.set(request.res, token, sessionTtlMs);
    device.set(request.res, own, deviceTtlMs);
  }

  /** A browser has one session: the one it brings along ends. */
  async function endOwn(request: Request, end: (tokenSha256: string) => Promise<void>): Promise<void> {
    const token = cookie.read(request);
    if (token) await end(sha256(token));
  }
}

const newToken = () => randomBytes(32).toString('base64url');

function toSession({ accountId, username, role, npn, firstName }: SessionAccount): Session {
  return { accountId, username, role, npn, firstName };
}
