import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { deleteConsumerContact } from './consumer-actions.ts';
import { writeStage } from './referral-changes.ts';
import { lockReferral, type ReferralRow } from './referrals.ts';

/** Reads the ids of unconfirmed requests that are past their deletion time, oldest first, except those given. */
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
 * Deletes a request that was not confirmed in time, with all its data: contact and codes, consents, notices, events, and the
 * actions and notes of ops, which can name the person. A request that is locked, because it is being confirmed, is skipped.
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
 * Ends an unconfirmed request and deletes its contact at once. The rest is deleted at its usual deletion time; until then the
 * status page shows how it ended.
 */
export async function endUnconfirmed(
  tx: Tx,
  referral: ReferralRow,
  { stage, at }: { stage: 'withdrawn' | 'closed'; at: Date },
): Promise<ReferralRow> {
  await deleteConsumerContact(tx, referral.id);
  return writeStage(tx, referral, { stage, at });
}

/** Withdraws an unconfirmed request. @returns undefined if it is no longer unconfirmed */
export async function withdrawUnconfirmed(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<ReferralRow | undefined> {
  const referral = await lockReferral(tx, referralId);
  if (referral?.stage === 'withdrawn') return referral;
  if (referral?.stage !== 'unconfirmed') return undefined;
  return endUnconfirmed(tx, referral, { stage: 'withdrawn', at });
}
