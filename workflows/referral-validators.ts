import type { ReferralState } from '../activities/referrals/change-referral.ts';
import { refuse } from '../domain/failures.ts';
import type { OfferPhase } from '../domain/referrals/offer.ts';
import { type Outcome, outcomeRules } from '../domain/referrals/referral.ts';
import { endFromOutside } from './offer-turn.ts';
import { isClosed, type Offer, type ReferralRun } from './referral-run.ts';
import { hasPassed } from './wait.ts';

/** Returns the offer of an update that a validator has let pass. */
export function offerOf(run: ReferralRun, offerId: string): Offer {
  return run.offers.get(offerId) as Offer;
}

/** Refuses a late or concurrent update before it enters the history (docs/architecture.md, rule 2). */
export function mustAllow(run: ReferralRun, offerId: string, phases: readonly OfferPhase[]): void {
  const offer = run.offers.get(offerId);
  // the row of a new offer is visible, and can be answered, before `matchReferral` returns to the workflow
  // and a run that has just begun has not read the offers that are open
  if (!offer && (run.busy || !run.hasLooked))
    refuse('offer-busy', 'The next offer is being recorded.', { offerId });
  // the acceptance by another agent can still be refused
  if (offer?.end === 'taken' && run.busy)
    refuse('offer-busy', 'An answer to this referral is being recorded.', { offerId });
  if (!offer || offer.end !== undefined || endFromOutside(run, offer) !== undefined) {
    refuse('offer-ended', 'The offer has ended.', { offerId });
  }
  if (run.busy) refuse('offer-busy', 'Another answer to this offer is being recorded.', { offerId });
  if (hasPassed(offer.deadlineAt))
    refuse('offer-ended', 'The offer has ended.', { offerId, at: offer.deadlineAt });
  if (!phases.includes(offer.phase)) {
    refuse('not-allowed-now', 'This is not possible at this point.', { offerId, phase: offer.phase });
  }
}

export function mustAllowReport(
  run: ReferralRun,
  { offerId, outcome }: { offerId: string; outcome: Outcome },
): void {
  mustAllow(run, offerId, outcomeRules[outcome].in);
}

export function mustNotBeClosed(run: ReferralRun): void {
  if (isClosed(run)) refuse('referral-ended', 'The referral is closed.', { ...stageOf(run) });
}

/** Returns the stage that an update is answered with. */
export function stageOf(run: ReferralRun) {
  const { stage, since } = run.latest as ReferralState;
  return { stage, since };
}
