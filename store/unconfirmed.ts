import { forgetContact } from './consumer-acts.ts';
import type { Tx } from './database.ts';
import { enterStage, holdReferral, type ReferralRow } from './referrals.ts';

/**
 * Deletes requests whose code did not come in time, or that were withdrawn before it came, with all that was kept of
 * them. One that is being confirmed at this moment is passed over.
 * @returns how many
 */
export async function deleteUnconfirmed(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<number> {
  const rows = await tx
    .selectFrom('referrals')
    .select('id')
    .where('stage', 'in', ['unconfirmed', 'withdrawn'])
    .where('waitingUntil', '<=', at)
    .orderBy('waitingUntil')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const notices = tx.selectFrom('notices').select('id').where('referralId', 'in', ids);
  await tx.deleteFrom('deliveries').where('noticeId', 'in', notices).execute();
  await tx.deleteFrom('notices').where('referralId', 'in', ids).execute();
  await tx.deleteFrom('events').where('subjectKind', '=', 'referral').where('subjectId', 'in', ids).execute();
  await tx.deleteFrom('consents').where('referralId', 'in', ids).execute();
  // contacts, their keys and the codes go with it
  await tx.deleteFrom('referrals').where('id', 'in', ids).execute();
  return ids.length;
}

/**
 * Withdraws a request before its contact was confirmed, and forgets who asked: nobody else knows of it. The rest is
 * deleted when it would have been without the withdrawal; until then its page says so. Undefined: it is no longer
 * unconfirmed.
 */
export async function withdrawUnconfirmed(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<ReferralRow | undefined> {
  const referral = await holdReferral(tx, referralId);
  if (referral?.stage === 'withdrawn') return referral;
  if (referral?.stage !== 'unconfirmed') return undefined;
  await forgetContact(tx, referralId);
  const { waitingUntil } = referral;
  return enterStage(tx, referral, { stage: 'withdrawn', ...(waitingUntil ? { waitingUntil } : {}), at });
}
