import { sql } from 'kysely';
import { isUncovered } from '../agents/serving.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue } from '../outbox.ts';
import { enqueueOfferUnreachable, openOffers } from './offers/offers.ts';
import { lockReferral } from './referrals.ts';

/**
 * Enqueues again the signals that a referral's rows call for, for a workflow that was restarted before it acted on them: a
 * close or a recall by ops, an agent who may no longer help, an offer that no channel could deliver. A consent that was
 * taken back needs none, because the workflow reads it with its next match. A signal too many is harmless.
 */
export async function enqueueRequestedEnds(tx: Tx, referralId: string): Promise<void> {
  const referral = await lockReferral(tx, referralId);
  if (!referral || referral.closedAt) return;
  if (await isClosingByOps(tx, referralId))
    await enqueue(tx, { type: 'close-referral', payload: { referralId } });
  for (const { id: offerId } of await openOffers(tx, referralId)) {
    if (await mustRescind(tx, offerId))
      await enqueue(tx, { type: 'rescind-offer', payload: { referralId, offerId } });
    const notices = await tx.selectFrom('notices').select('id').where('offerId', '=', offerId).execute();
    for (const { id } of notices) await enqueueOfferUnreachable(tx, id);
  }
}

async function isClosingByOps(tx: Tx, referralId: string): Promise<boolean> {
  const action = await tx
    .selectFrom('opsActions')
    .select('id')
    .where('referralId', '=', referralId)
    .where('action', '=', 'close')
    .executeTakeFirst();
  return action !== undefined;
}

/** True for an open offer that ops recalled, or whose agent has no registration any more that covers its state. */
async function mustRescind(tx: Tx, offerId: string): Promise<boolean> {
  const { rows } = await sql<{ must: boolean }>`
    select exists (select from ops_actions a
        where a.referral_id = r.id and a.action = 'recall' and a.at >= o.offered_at)
      or ${isUncovered} as must
    from offers o join referrals r on r.id = o.referral_id
    where o.id = ${offerId}`.execute(tx);
  return rows[0]?.must ?? false;
}
