import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Request } from 'express';
import { endSession, findAccount, openSession } from '../../store/accounts.ts';
import { sha256 } from '../../store/links.ts';
import type { Account } from '../access.ts';
import { createSessionCookie } from '../cookies.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../problems.ts';
import type { RateLimiter } from '../rate-limits.ts';
import { type Route, route } from '../route.ts';
import { logIn, type Session, session } from '../schemas/session.ts';
import { addressOf } from '../who-asks.ts';

/** How long a log-in lasts. */
const sessionTtlMs = 12 * 60 * 60 * 1000;

export function sessionRoutes({ db, settings, now }: Deps, limiter: RateLimiter): Route[] {
  const cookie = createSessionCookie(settings.publicUrl);
  const ttlMs = settings.sessionTtlMs ?? sessionTtlMs;
  // an unknown username costs the same work as a known one, so that time does not tell them apart
  const nobodysHash = hash(randomBytes(32));

  return [
    route({
      key: 'POST /v1/session',
      summary: 'Log in',
      body: logIn,
      responses: {
        200: {
          description: 'Logged in',
          schema: session,
          headers: { 'Set-Cookie': 'The session: HttpOnly, SameSite=Lax' },
        },
      },
      problems: ['log-in-failed'],
      handle: async ({ body, request }) => {
        const address = addressOf(request);
        const done = await countAttempt(limiter, { username: body.username.toLowerCase(), address });
        const account = await findAccount(db, body.username);
        const right = await verify(account?.passwordHash ?? (await nobodysHash), body.password);
        if (!account || !right) fail('log-in-failed');
        await done();
        const token = randomBytes(32).toString('base64url');
        const at = now();
        const expiresAt = new Date(at.getTime() + ttlMs);
        await db.transaction().execute(async (tx) => {
          await endOwn(request, (tokenSha256) => endSession(tx, tokenSha256));
          await openSession(tx, { accountId: account.accountId, tokenSha256: sha256(token), at, expiresAt });
        });
        if (request.res) cookie.set(request.res, token, ttlMs);
        return { status: 200, body: viewOf(account) };
      },
    }),
    route({
      key: 'GET /v1/session',
      summary: 'Who is logged in',
      responses: { 200: { description: 'The account', schema: session } },
      handle: async ({ caller }) => ({ status: 200, body: viewOf(caller) }),
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

  /** A browser has one session: the one it brings along ends. */
  async function endOwn(request: Request, end: (tokenSha256: string) => Promise<void>): Promise<void> {
    const token = cookie.read(request);
    if (token) await end(sha256(token));
  }
}

/** Counts before the password is looked at, so that guesses at once count too; the answer takes it back. */
async function countAttempt(
  limiter: RateLimiter,
  { username, address }: { username: string; address: string },
): Promise<() => Promise<void>> {
  const both = `${username} ${address}`;
  await limiter.count('logInByAddress', address);
  await limiter.count('logInByBoth', both);
  await limiter.count('logInByUsername', username);
  return async () => {
    await limiter.clear('logInByBoth', both);
    await limiter.takeBack('logInByUsername', username);
    await limiter.takeBack('logInByAddress', address);
  };
}

function viewOf({ username, role, npn, firstName }: Account): Session {
  return { username, role, npn, firstName };
}
