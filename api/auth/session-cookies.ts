import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { sessionLimits } from '../../domain/accounts/session-policy.ts';
import { saveDevice } from '../../store/accounts/known-devices.ts';
import { confirmSession, endSession, openSession } from '../../store/accounts/sessions.ts';
import { sha256 } from '../../store/tokens.ts';
import type { SessionAccount } from '../access.ts';
import type { Deps } from '../deps.ts';
import { browserName } from '../http/browser-name.ts';
import { createDeviceCookie, createSessionCookie } from '../http/cookies.ts';
import { fail } from '../http/problems.ts';
import { networkOf } from '../http/request-origin.ts';
import type { CheckedAccount } from './password-check.ts';
import type { SecurityLog } from './security-log.ts';

/** Lifetime of the device cookie. Browsers keep no cookie longer than 400 days. */
const deviceTtlMs = 180 * 24 * 60 * 60 * 1000;

/** Opens, confirms and ends the session of a request's browser, which has one at a time. */
export interface SessionCookies {
  /** Opens a session, and records the device as known. The session of the request's cookie ends. */
  open(request: Request, checked: CheckedAccount): Promise<void>;
  /** Records that the account has just shown its password. The session gets another token. */
  confirm(request: Request, caller: SessionAccount): Promise<void>;
  /** Ends the session. */
  end(request: Request): Promise<void>;
}

/** Creates the functions that set the cookies of a session. */
export function createSessionCookies(
  { db, settings, now }: Pick<Deps, 'db' | 'settings' | 'now'>,
  recordSecurity: SecurityLog,
): SessionCookies {
  const device = createDeviceCookie(settings.publicUrl);
  const cookie = createSessionCookie(settings.publicUrl);

  return {
    async open(request, { account: { accountId, role }, isKnownDevice }) {
      const [token, at, limits] = [newToken(), now(), sessionLimits(settings.sessions, role)];
      const [before, sentDevice] = [cookie.read(request), device.read(request)];
      // an unknown device gets a new token, because an attacker may have planted the token it sent
      const deviceToken = (isKnownDevice && sentDevice) || newToken();
      const origin = { network: networkOf(request), browser: browserName(request.get('User-Agent')) };
      await db.transaction().execute(async (tx) => {
        if (before) await endSession(tx, sha256(before));
        await openSession(tx, { accountId, tokenSha256: sha256(token), at, limits, ...origin });
        const known = { accountId, tokenSha256: sha256(deviceToken), at };
        await saveDevice(tx, { ...known, ...(sentDevice ? { before: sha256(sentDevice) } : {}) });
        await recordSecurity(request, { kind: 'log-in', accountId }, tx);
      });
      if (!request.res) return;
      cookie.set(request.res, token, limits.lengthMs);
      device.set(request.res, deviceToken, deviceTtlMs);
    },
    async confirm(request, { tokenSha256, accountId, endsAt }) {
      const [token, at] = [newToken(), now()];
      await db.transaction().execute(async (tx) => {
        const isConfirmed = await confirmSession(tx, { tokenSha256, newTokenSha256: sha256(token), at });
        if (!isConfirmed) fail('not-authenticated');
        await recordSecurity(request, { kind: 'step-up', accountId }, tx);
      });
      if (request.res) cookie.set(request.res, token, endsAt.getTime() - at.getTime());
    },
    async end(request) {
      const token = cookie.read(request);
      const accountId = token && (await endSession(db, sha256(token)));
      if (accountId) await recordSecurity(request, { kind: 'log-out', accountId });
      if (request.res) cookie.clear(request.res);
    },
  };
}

const newToken = () => randomBytes(32).toString('base64url');
