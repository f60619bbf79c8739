import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { sessionLimits } from '../../domain/accounts/session-policy.ts';
import { lockCredentials } from '../../store/accounts/accounts.ts';
import { confirmSession, endSession, openSession } from '../../store/accounts/sessions.ts';
import type { Tx } from '../../store/database/connection.ts';
import { sha256 } from '../../store/tokens.ts';
import type { SessionAccount } from '../access.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../http/problems.ts';
import { browserName } from '../http/requests/browser-name.ts';
import { createSessionCookie } from '../http/requests/cookies.ts';
import { networkOf } from '../http/requests/request-origin.ts';
import type { KnownDevices } from './known-devices.ts';
import type { CheckedAccount } from './password-check.ts';
import type { SecurityLog } from './security-log.ts';

/** Opens, confirms and ends the session of a request's browser, which has one at a time. */
export interface SessionCookies {
  /**
   * Opens a session, and records the device as known. The session of the request's cookie ends.
   * @throws a problem `log-in-failed` or `passkey-refused` if the password or a second factor was changed since it was checked:
   *   such a change ends all other sessions
   */
  open(request: Request, checked: CheckedAccount): Promise<void>;
  /** Records that the account has just shown its password. The session gets another token. */
  confirm(request: Request, caller: SessionAccount): Promise<void>;
  /** Gives the session another token: it is saved first, and gets its cookie after the commit. */
  rotate(request: Request, caller: SessionAccount): Rotation;
  /** Ends the session. */
  end(request: Request): Promise<void>;
}

interface Rotation {
  /** Saves the new token, and that the account has just shown its password. @throws a problem if the session has ended */
  save(tx: Tx): Promise<void>;
  setCookie(): void;
}

/** Creates the functions that set the cookies of a session. */
export function createSessionCookies(
  { db, settings, now }: Pick<Deps, 'db' | 'settings' | 'now'>,
  { knownDevices, recordSecurity }: { knownDevices: KnownDevices; recordSecurity: SecurityLog },
): SessionCookies {
  const cookie = createSessionCookie(settings.publicUrl);

  return {
    async open(request, { account: { accountId, role, factorsVersion }, passwordHash, way, isKnownDevice }) {
      const [token, at, limits] = [newToken(), now(), sessionLimits(settings.sessions, role)];
      const before = cookie.read(request);
      const device = knownDevices.remember(request, { accountId, isKnown: isKnownDevice });
      const origin = { network: networkOf(request), browser: browserName(request.get('User-Agent')) };
      await recordSecurity.inTransaction(request, async (tx, record) => {
        if (!(await lockCredentials(tx, { accountId, passwordHash, factorsVersion })))
          fail(passwordHash === undefined ? 'passkey-refused' : 'log-in-failed');
        if (before) await endSession(tx, sha256(before));
        await openSession(tx, { accountId, tokenSha256: sha256(token), at, limits, ...origin });
        await device.save(tx);
        await record({ kind: 'log-in', accountId, detail: way });
      });
      if (request.res) cookie.set(request.res, token, limits.lengthMs);
      device.setCookie();
    },
    async confirm(request, caller) {
      const rotation = rotate(request, caller);
      await recordSecurity.inTransaction(request, async (tx, record) => {
        await rotation.save(tx);
        await record({ kind: 'step-up', accountId: caller.accountId });
      });
      rotation.setCookie();
    },
    rotate,
    async end(request) {
      const token = cookie.read(request);
      const accountId = token && (await endSession(db, sha256(token)));
      if (accountId) await recordSecurity(request, { kind: 'log-out', accountId });
      if (request.res) cookie.clear(request.res);
    },
  };

  function rotate(request: Request, { tokenSha256, endsAt }: SessionAccount): Rotation {
    const [token, at] = [newToken(), now()];
    return {
      async save(tx) {
        const isConfirmed = await confirmSession(tx, { tokenSha256, newTokenSha256: sha256(token), at });
        if (!isConfirmed) fail('not-authenticated');
      },
      setCookie: () => request.res && cookie.set(request.res, token, endsAt.getTime() - at.getTime()),
    };
  }
}

const newToken = () => randomBytes(32).toString('base64url');
