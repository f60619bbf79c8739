import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { appCode, appSecret } from '../../../store/accounts/totp.ts';
import type { Database } from '../../../store/database/connection.ts';

const stepMs = 30_000;
/** How long a code may take to the service, in milliseconds. */
const leftMs = 10_000;
/** Step of the last code of each secret, since a code counts once. */
const lastSteps = new Map<string, number>();

/** Returns a code of an authenticator app that was not used before; waits for one where three were used in 30 seconds. */
export async function nextCode(secret: string): Promise<string> {
  for (;;) {
    const now = Math.floor(Date.now() / stepMs);
    // the service takes codes of one step before and one after; near its end the one before may be over when it is read
    const isNearEnd = Date.now() % stepMs > stepMs - leftMs;
    const step = Math.max(isNearEnd ? now : now - 1, (lastSteps.get(secret) ?? 0) + 1);
    if (step <= now + 1) {
      lastSteps.set(secret, step);
      return appCode(secret, new Date(step * stepMs));
    }
    await sleep(500);
  }
}

/** Gives an account an authenticator app. @returns its secret */
export async function addAuthenticatorApp(
  db: Database,
  { accountId, linkSecret }: { accountId: string; linkSecret: string },
): Promise<string> {
  const keyId = randomUUID();
  await db
    .insertInto('authenticatorApps')
    .values({ accountId, keyId, confirmedAt: new Date(), lastStep: 0 })
    .execute();
  return appSecret({ linkSecret, accountId, keyId }, 'test').secret;
}
