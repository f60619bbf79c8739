import type { Policy } from '../../domain/policy.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import { readIntakeConsent } from './consents/consents.ts';
import { wakeNextReferral } from './matching/wake-next.ts';
import { addNotice, enterStage, type ReferralChanges } from './referral-changes.ts';
import type { ReferralRow } from './referrals.ts';

/** How a referral closes: the final stage, and the outcome that the agent reported. */
export interface Closing {
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: string;
  /** It was woken for free capacity and has not looked since. */
  woken?: true;
}

/** Closes a referral for good, once. The caller has locked its row. */
export async function closeReferral(
  changes: ReferralChanges,
  { stage: requestedStage, outcome, woken, at, policy }: Closing & { at: Date; policy: Policy },
): Promise<void> {
  const { tx, referral } = changes;
  if (referral.closedAt) return;
  const { id: referralId } = referral;
  const consent = await readIntakeConsent(tx, { referralId, at });
  // the consent may have been withdrawn before the workflow was signaled
  const stage = consent.wasRescinded ? 'withdrawn' : requestedStage;
  const hasExpired = stage === 'unmatched' && consent.status === 'expired';
  const causes = hasExpired
    ? [...(referral.stage === 'queued' ? referral.causes : []), 'consent-expired' as const]
    : causesOfClosing(referral, stage, at);
  if (hasExpired) changes.events.push({ kind: 'consent-expired', at, by: 'clock', data: {} });
  const eraseAt = new Date(at.getTime() + policy.contactKeptAfterEndMs);
  enterStage(changes, { stage, causes, at, eraseAt, ...(outcome ? { outcome } : {}) });
  // capacity that this referral may have been woken for, if it is still free
  if (woken || referral.stage === 'queued') await wakeNextReferral(tx, referral, { at, limits: policy });
  // consumers who withdrew know it; the others are notified
  if (stage !== 'withdrawn') addNotice(changes, { kind: stage, at, dedupeKey: `${stage} ${referralId}` });
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
