import { randomUUID } from 'node:crypto';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Channel } from '../../domain/notifications/contact.ts';
import type { DeliveryStatus } from '../../domain/notifications/notices.ts';
import type { Tx } from '../database/connection.ts';
import type { DB } from '../database/schema.ts';
import { wakeOnboardings } from '../outbox.ts';
import { tellOfFailedChannel } from './channel-failures.ts';

/** A notice over one channel. Its id is the attempt's id at the provider, the same for every try. */
export interface Delivery {
  id: string;
  status: DeliveryStatus;
}

/** Reads the delivery of a notice over a channel, and creates a pending one if it was not created with the notice. */
export async function findOrCreateDelivery(
  tx: Tx,
  { noticeId, channel, at }: { noticeId: string; channel: Channel; at: Date },
): Promise<Delivery> {
  const query = tx
    .selectFrom('deliveries')
    .select(['id', 'status'])
    .where('noticeId', '=', noticeId)
    .where('channel', '=', channel);
  const found = await query.executeTakeFirst();
  if (found) return found as Delivery;
  await tx
    .insertInto('deliveries')
    .values({ id: randomUUID(), noticeId, channel, status: 'pending', changedAt: at })
    .onConflict((conflict) => conflict.columns(['noticeId', 'channel']).doNothing())
    .execute();
  return (await query.executeTakeFirstOrThrow()) as Delivery;
}

/** End of an attempt. */
export type DeliveryResult =
  | { status: 'sent'; providerMessageId: string }
  | { status: 'refused'; code: string }
  | { status: 'lapsed' };

/**
 * Records the end of an attempt. A status that the provider reported by webhook meanwhile stands: only a pending delivery
 * changes its status.
 * @returns the delivery's status from then on
 */
export async function recordDeliveryResult(
  tx: Tx,
  { deliveryId, at, ...end }: DeliveryResult & { deliveryId: string; at: Date },
): Promise<Delivery['status']> {
  const providerMessageId = end.status === 'sent' ? end.providerMessageId : null;
  const code = end.status === 'refused' ? end.code : null;
  const { rows } = await sql<Pick<Delivery, 'status'>>`
    update deliveries set provider_message_id = coalesce(${providerMessageId}, provider_message_id),
      status = case when status = 'pending' then ${end.status} else status end,
      code = case when status = 'pending' then ${code} else code end,
      changed_at = case when status = 'pending' then ${at} else changed_at end
    where id = ${deliveryId} returning status`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('An attempt has a delivery');
  return row.status;
}

/** Ends the pending ones among some deliveries as lapsed (too late to send); locks them in the order of their ids. */
export async function lapsePendingDeliveries(
  tx: Tx,
  some: SelectQueryBuilder<DB, 'deliveries', { id: string }>,
  at: Date,
): Promise<void> {
  const rows = await some.where('status', '=', 'pending').orderBy('id').forUpdate().execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx
    .updateTable('deliveries')
    .set({ status: 'lapsed', changedAt: at })
    .where('id', 'in', ids)
    .execute();
}

/** Reads the push subscriptions of an agent that are not marked as gone. */
export async function readLivePushSubscriptions(tx: Tx, npn: string) {
  return tx
    .selectFrom('pushSubscriptions')
    .select(['endpoint', 'p256dh', 'auth', 'hasSound'])
    .where('npn', '=', npn)
    .where('goneAt', 'is', null)
    .orderBy('createdAt')
    .execute();
}

/** Records which push subscriptions have taken a push; locks them in one order. */
export async function recordPushes(
  tx: Tx,
  { endpoints, at }: { endpoints: readonly string[]; at: Date },
): Promise<void> {
  await sql`
    update push_subscriptions set last_sent_at = ${at} where endpoint in (
      select endpoint from push_subscriptions where endpoint = any(${endpoints}) order by endpoint for update)`.execute(
    tx,
  );
}

/**
 * Marks push subscriptions of an agent that the push service no longer knows, and wakes the onboardings. An agent who has
 * none left is told over another channel.
 */
export async function markSubscriptionsGone(
  tx: Tx,
  { npn, endpoints, at }: { npn: string; endpoints: readonly string[]; at: Date },
): Promise<void> {
  // of the last two that are marked at the same time, one has to see that none is left
  await tx.selectFrom('agents').select('npn').where('npn', '=', npn).forNoKeyUpdate().execute();
  const gone = await tx
    .updateTable('pushSubscriptions')
    .set({ goneAt: at })
    .where('npn', '=', npn)
    .where('endpoint', 'in', endpoints)
    .where('goneAt', 'is', null)
    .returning('endpoint')
    .execute();
  if (gone.length === 0) return;
  await wakeOnboardings(tx, npn);
  await tellOfFailedChannel(tx, { npn, channel: 'push', at });
}
