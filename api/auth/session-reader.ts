import type { Request } from 'express';
import { sessionLimits, useWrittenEveryMs } from '../../domain/accounts/session-policy.ts';
import { extendSession, findSession, type SessionRow } from '../../store/accounts/sessions.ts';
import { sha256 } from '../../store/tokens.ts';
import { repeatedReads, type SessionAccount } from '../access.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../http/problems.ts';
import { createSessionCookie } from '../http/requests/cookies.ts';
import { accountHeader, backgroundHeader } from '../schemas/accounts/request-headers.ts';

/**
 * Reads the session of a request's cookie and records its use.
 * @returns undefined if there is none, or it has ended
 * @throws a problem `account-changed` if the page that sent the request belongs to another account
 */
export type SessionReader = (request: Request) => Promise<SessionAccount | undefined>;

/** Creates the reader. It takes one statement, and one more at most once a minute for each session. */
export function createSessionReader({
  db,
  settings,
  now,
}: Pick<Deps, 'db' | 'settings' | 'now'>): SessionReader {
  const cookie = createSessionCookie(settings.publicUrl);
  return async (request) => {
    const token = cookie.read(request);
    if (!token) return undefined;
    const tokenSha256 = sha256(token);
    const at = now();
    const found = await findSession(db, { tokenSha256, at });
    if (!found) return undefined;
    request.accountId = found.accountId;
    // the tabs of a browser share one session: a page may be older than the log-in whose cookie its call carries
    const expectedId = request.get(accountHeader);
    if (expectedId !== undefined && expectedId !== found.accountId) fail('account-changed');
    if (isUse(request)) await recordUse(tokenSha256, found, at);
    return { ...found, tokenSha256 };
  };

  async function recordUse(tokenSha256: string, { usedAt, role }: SessionRow, at: Date): Promise<void> {
    const limits = sessionLimits(settings.sessions, role);
    const unlessSince = new Date(at.getTime() - useWrittenEveryMs(limits));
    if (usedAt <= unlessSince)
      await extendSession(db, { tokenSha256, at, idleMs: limits.idleMs, unlessSince });
  }
}

/**
 * Decides whether a person caused a request. The portal says so of reads that nobody did (`backgroundHeader`); a client that
 * does not only keeps its own session open, and never beyond its end.
 */
function isUse(request: Request): boolean {
  if (!['GET', 'HEAD'].includes(request.method)) return true;
  if (request.routeKey && repeatedReads.has(request.routeKey)) return false;
  return request.get(backgroundHeader) === undefined;
}
