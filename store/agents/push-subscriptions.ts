import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { wakeOnboardings } from '../outbox.ts';

/** A device of an agent, as they see it. */
export interface PushDevice {
  id: string;
  /** Browser and system, such as Chrome on Android. */
  name: string;
  createdAt: Date;
  /** When its push service last took a push; null: it has had none. */
  lastSentAt: Date | null;
  /** When the push service said that it no longer exists. */
  goneAt: Date | null;
  hasSound: boolean;
  /** By which a browser recognizes itself. */
  endpoint: string;
}

/** What a browser gives out for a subscription; keys in base64url. */
export interface PushKeys {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** Most browsers of one agent that get push messages; those that subscribed earliest are removed. */
const maxPushSubscriptions = 10;

/** Reads the devices of an agent, the newest first. */
export async function readPushDevices(tx: Tx, npn: string): Promise<PushDevice[]> {
  return tx
    .selectFrom('pushSubscriptions')
    .select(['id', 'name', 'createdAt', 'lastSentAt', 'goneAt', 'hasSound', 'endpoint'])
    .where('npn', '=', npn)
    .orderBy('createdAt', 'desc')
    .execute();
}

/**
 * Saves the push subscription of an agent's browser. A browser that logs in as another agent moves to that agent. The
 * app may have been the channel that was missing, so the agent's onboardings are woken for a review.
 */
export async function savePushSubscription(
  tx: Tx,
  { endpoint, npn, p256dh, auth, name, at }: PushKeys & { npn: string; name: string; at: Date },
): Promise<void> {
  const row = { npn, p256dh, auth, name, createdAt: at, goneAt: null };
  // serializes concurrent subscriptions, which would not see one another when the excess is removed
  await sql`select pg_advisory_xact_lock(hashtextextended(${`push ${npn}`}, 0))`.execute(tx);
  await tx
    .insertInto('pushSubscriptions')
    .values({ endpoint, ...row })
    .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
    .execute();
  await sql`
    delete from push_subscriptions where npn = ${npn} and endpoint in (
      select endpoint from push_subscriptions where npn = ${npn} and endpoint <> ${endpoint}
      order by gone_at is not null, created_at desc offset ${maxPushSubscriptions - 1})`.execute(tx);
  await wakeOnboardings(tx, npn);
}

/**
 * Replaces a subscription by the one that its browser has got instead. Who knows the former endpoint and its secret is that
 * browser: nobody else but its push service and we ever had both. A repeat finds the new one in place.
 * @returns whether there is such a subscription
 */
export async function renewPushSubscription(
  tx: Tx,
  { before, now }: { before: Pick<PushKeys, 'endpoint' | 'auth'>; now: PushKeys },
): Promise<boolean> {
  const { rows } = await sql<{ npn: string }>`
    update push_subscriptions set endpoint = ${now.endpoint}, p256dh = ${now.p256dh}, auth = ${now.auth}, gone_at = null
    where endpoint = ${before.endpoint} and auth = ${before.auth}
      and not exists (select from push_subscriptions where endpoint = ${now.endpoint} and endpoint <> ${before.endpoint})
    returning npn`.execute(tx);
  const [renewed] = rows;
  if (renewed) {
    await wakeOnboardings(tx, renewed.npn);
    return true;
  }
  const { endpoint, auth } = now;
  const repeated = await tx
    .selectFrom('pushSubscriptions')
    .select('npn')
    .where('endpoint', '=', endpoint)
    .where('auth', '=', auth)
    .executeTakeFirst();
  return repeated !== undefined;
}

/** Sets whether pushes make a sound on a device of an agent. @returns whether there is such a device */
export async function changePushSound(
  tx: Tx,
  { id, npn, hasSound }: { id: string; npn: string; hasSound: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('pushSubscriptions')
    .set({ hasSound })
    .where('id', '=', id)
    .where('npn', '=', npn)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Deletes an agent's push subscription and wakes the onboardings: it may have been the only channel.
 * @returns whether there was one
 */
export async function deletePushSubscription(
  tx: Tx,
  { npn, ...which }: { npn: string } & ({ endpoint: string } | { id: string }),
): Promise<boolean> {
  const query = tx.deleteFrom('pushSubscriptions').where('npn', '=', npn);
  const { numDeletedRows } = await ('id' in which
    ? query.where('id', '=', which.id)
    : query.where('endpoint', '=', which.endpoint)
  ).executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  await wakeOnboardings(tx, npn);
  return true;
}
