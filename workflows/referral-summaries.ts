import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/change-referral.ts';
import type { OfferPhase } from '../domain/referrals/offer.ts';
import type { ReferralCause } from '../domain/referrals/referral.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../domain/time/marketplace-calendar.ts';
import type { Instant } from './messages.ts';
import { searchAttributes, stageAttributes } from './search-attributes.ts';

const words = sentencesIn('en');

/** Summaries that ops read beside a referral's timers in Temporal. */
export const waitSummaries = {
  nextLook: (at: Instant, causes: readonly ReferralCause[]) =>
    words.workflow.wait.nextLook({ until: new Date(at), when: when(), causes }),
  phase: (phase: OfferPhase, at: Instant, offerNumber: number) => {
    const wait = { until: new Date(at), when: when(), offerNumber };
    if (phase === 'offered') return words.workflow.wait.answer(wait);
    return phase === 'accepted' ? words.workflow.wait.contact(wait) : words.workflow.wait.outcome(wait);
  },
};

/** Shows a referral's stage in Temporal: one upsert of search attributes, and the stage's sentence as current details. */
export function showReferral(referral: ReferralState, offerNumber: number | undefined): void {
  upsertSearchAttributes([
    ...stageAttributes(referral),
    { key: searchAttributes.state, value: referral.state },
    { key: searchAttributes.offerNumber, value: offerNumber ?? null },
  ]);
  const waitingUntil = referral.waitingUntil ? new Date(referral.waitingUntil) : null;
  setCurrentDetails(
    words.referralStage[referral.stage].ops({
      causes: referral.causes,
      waitingUntil,
      offerNumber,
      when: when(),
    }),
  );
}

function when() {
  return { now: new Date(), timeZone: marketplaceTimeZone };
}
