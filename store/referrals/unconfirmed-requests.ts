import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { deleteConsumerContact } from './consumer-actions.ts';
import { enterStage, lockReferral, type ReferralRow } from './referrals.ts';

/** Requests whose time to be confirmed is over, the oldest first, but for those that are named. */
export async function dueUnconfirmed(
  tx: Tx,
  { at, except, limit }: { at: Date; except: ReadonlySet<string>; limit: number },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('referrals')
    .select('id')
    .where('deleteAt', '<=', at)
    .where(sql<boolean>`id <> all(${[...except]}::uuid[])`)
    .orderBy('deleteAt')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Deletes a request that nobody confirmed in time, with all that was saved of it: contact and codes, consents, messages,
 * events, and what ops did and noted, which can name the person. One that is being confirmed at this moment is left.
 * @returns whether it was deleted
 */
export async function deleteUnconfirmed(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<boolean> {
  const row = await tx
    .selectFrom('referrals')
    .select('id')
    .where('id', '=', referralId)
    .where('deleteAt', '<=', at)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!row) return false;
  const notices = tx.selectFrom('notices').select('id').where('referralId', '=', referralId);
  await tx.deleteFrom('deliveries').where('noticeId', 'in', notices).execute();
  await tx.deleteFrom('notices').where('referralId', '=', referralId).execute();
  await deleteConsumerContact(tx, referralId);
  await tx
    .deleteFrom('events')
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .execute();
  await tx.deleteFrom('opsActions').where('referralId', '=', referralId).execute();
  await tx.deleteFrom('consents').where('referralId', '=', referralId).execute();
  await tx.deleteFrom('referrals').where('id', '=', referralId).execute();
  return true;
}

/**
 * Ends a request that nobody has confirmed, and deletes who asked: nobody else knows of it. The rest is deleted when it
 * would have been without it; until then its page says how it ended.
 */
export async function endUnconfirmed(
  tx: Tx,
  referral: ReferralRow,
  { stage, at }: { stage: 'withdrawn' | 'closed'; at: Date },
): Promise<ReferralRow> {
  await deleteConsumerContact(tx, referral.id);
  return enterStage(tx, referral, { stage, at });
}

/** Withdraws a request before its contact was confirmed. Undefined: it is no longer unconfirmed. */
export async function withdrawUnconfirmed(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<ReferralRow | undefined> {
  const referral = await lockReferral(tx, referralId);
  if (referral?.stage === 'withdrawn') return referral;
  if (referral?.stage !== 'unconfirmed') return undefined;
  return endUnconfirmed(tx, referral, { stage: 'withdrawn', at });
}
