import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { isKnownDevice, saveDevice } from '../../store/accounts/known-devices.ts';
import type { Tx } from '../../store/database/connection.ts';
import { sha256 } from '../../store/tokens.ts';
import type { Deps } from '../deps.ts';
import { createDeviceCookie } from '../http/requests/cookies.ts';

/** Lifetime of the device cookie. Browsers keep no cookie longer than 400 days. */
const deviceTtlMs = 180 * 24 * 60 * 60 * 1000;

/** A device whose owner has just shown who they are: it is saved first, and gets its cookie after the commit. */
interface RememberedDevice {
  save(tx: Tx): Promise<void>;
  setCookie(): void;
}

/** Recognizes the devices of an account's owner, by a cookie that opens nothing (docs/decisions/0025). */
export interface KnownDevices {
  /** Returns the SHA-256 of the device's token if this username (`usernameKey`), or without one anybody, is known on it. */
  find(request: Request, username?: string): Promise<string | undefined>;
  /**
   * Makes the device of a request a known one. One that is unknown to the account gets a new token, because an attacker
   * may have planted the token it sent.
   */
  remember(request: Request, of: { accountId: string; isKnown: boolean }): RememberedDevice;
}

export function createKnownDevices({
  db,
  settings,
  now,
}: Pick<Deps, 'db' | 'settings' | 'now'>): KnownDevices {
  const cookie = createDeviceCookie(settings.publicUrl);
  return {
    async find(request, username) {
      const token = cookie.read(request);
      if (!token) return undefined;
      const tokenSha256 = sha256(token);
      return (await isKnownDevice(db, { tokenSha256, username, at: now() })) ? tokenSha256 : undefined;
    },
    remember(request, { accountId, isKnown }) {
      const sent = cookie.read(request);
      const token = (isKnown && sent) || randomBytes(32).toString('base64url');
      const device = { accountId, tokenSha256: sha256(token), ...(sent ? { before: sha256(sent) } : {}) };
      return {
        save: (tx) => saveDevice(tx, { ...device, at: now() }),
        setCookie: () => request.res && cookie.set(request.res, token, deviceTtlMs),
      };
    },
  };
}
