import type { Policy } from '../../domain/policy.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { readIntakeConsent } from './consents.ts';
import { isConsentRescinded } from './consumer-actions.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from './referrals.ts';
import { wakeNextReferral } from './wake-next.ts';

/** How a referral closes: the final stage, and the outcome that the agent reported. */
export interface Closing {
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: string;
}

/** Closes a referral for good, once. The caller has locked its row. */
export async function closeReferral(
  tx: Tx,
  referral: ReferralRow,
  { stage: requestedStage, outcome, at, policy }: Closing & { at: Date; policy: Policy },
): Promise<ReferralRow> {
  if (referral.closedAt) return referral;
  const { id: referralId } = referral;
  // the consent may have been withdrawn before the workflow was signaled
  const stage = (await isConsentRescinded(tx, referralId)) ? 'withdrawn' : requestedStage;
  const { standing } = await readIntakeConsent(tx, { referralId, at });
  const hasExpired = stage === 'unmatched' && standing === 'expired';
  const causes = hasExpired
    ? [...(referral.stage === 'queued' ? referral.causes : []), 'consent-expired' as const]
    : causesOfClosing(referral, stage, at);
  if (hasExpired)
    await recordReferralEvent(tx, referralId, { kind: 'consent-expired', at, by: 'clock', data: {} });
  const closed = await enterStage(tx, referral, { stage, outcome, causes, at });
  // capacity that this referral may have been woken for, if it is still free
  if (referral.stage === 'queued') await wakeNextReferral(tx, referral, { at, limits: policy });
  // consumers who withdrew know it; the others are notified
  if (stage !== 'withdrawn')
    await createNotice(tx, { kind: stage, referralId, at, dedupeKey: `${stage} ${referralId}` });
  return closed;
}

/**
 * The causes of an unmatched referral: the spent budget, together with the cause of the last match. A wrong contact is
 * the only cause, even if there was no match after it was reported.
 */
function causesOfClosing(referral: ReferralRow, stage: Closing['stage'], at: Date): ReferralCause[] {
  if (stage !== 'unmatched') return [];
  if (referral.contactWrongAt) return ['contact-wrong'];
  return at >= referral.budgetEndsAt ? [...referral.causes, 'budget-spent'] : referral.causes;
}
