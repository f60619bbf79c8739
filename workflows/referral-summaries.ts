import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/referral.ts';
import type { OfferPhase } from '../domain/referrals/offer.ts';
import type { ReferralCause } from '../domain/referrals/referral.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../domain/time/marketplace-calendar.ts';
import type { Instant } from './messages.ts';
import { searchAttributes, stageAttributes } from './search-attributes.ts';

const words = sentencesIn('en');

/** What ops read beside a referral's timers. */
export const waitSummaries = {
  nextLook: (at: Instant, causes: readonly ReferralCause[]) =>
    words.workflow.wait.nextLook({ until: new Date(at), when: when(), causes }),
  phase: (phase: OfferPhase, at: Instant, offerNumber: number) => {
    const wait = { until: new Date(at), when: when(), offerNumber };
    if (phase === 'offered') return words.workflow.wait.answer(wait);
    return phase === 'accepted' ? words.workflow.wait.contact(wait) : words.workflow.wait.outcome(wait);
  },
};

/** Shows where a referral stands: one upsert, and the sentence of its stage as the workflow's current details. */
export function showReferral(view: ReferralState, offerNumber: number | undefined): void {
  upsertSearchAttributes([
    ...stageAttributes(view),
    { key: searchAttributes.state, value: view.state },
    { key: searchAttributes.offerNumber, value: offerNumber ?? null },
  ]);
  const waitingUntil = view.waitingUntil ? new Date(view.waitingUntil) : null;
  setCurrentDetails(
    words.referralStage[view.stage].ops({ causes: view.causes, waitingUntil, offerNumber, when: when() }),
  );
}

function when() {
  return { now: new Date(), timeZone: marketplaceTimeZone };
}
