import type { Tx } from '../../database/connection.ts';
import { writeStage } from '../referral-changes.ts';
import { lockReferral, type ReferralRow } from '../referrals.ts';
import { eraseConsumer } from './erasure.ts';

/**
 * Ends an unconfirmed request and deletes its contact at once. The rest is deleted at its usual deletion time; until then the
 * status page shows how it ended.
 */
export async function endUnconfirmed(
  tx: Tx,
  referral: ReferralRow,
  { stage, at }: { stage: 'withdrawn' | 'closed'; at: Date },
): Promise<ReferralRow> {
  await eraseConsumer(tx, { referralId: referral.id, at, because: 'unconfirmed' });
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
