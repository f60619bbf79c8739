import { condition, setHandler } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/change-referral.ts';
import { refuse } from '../domain/failures.ts';
import type { DeclineReason, OfferPhase } from '../domain/referrals/offer.ts';
import { type Outcome, outcomeRules, type ReportedOutcome } from '../domain/referrals/referral.ts';
import {
  accept,
  askAnother,
  closeByOps,
  confirmContact,
  consentRescinded,
  decline,
  matchAgain,
  offerUnreachable,
  reportOutcome,
  rescindOffer,
  withdraw,
} from './messages.ts';
import { awaitNextTry, endFromOutside, enterPhase, finish } from './offer-turn.ts';
import { activities, apply, isClosed, type Offer, type ReferralRun, whileBusy } from './referral-run.ts';
import { hasPassed, now } from './wait.ts';

/** Registers the handlers of all updates and signals to a referral. */
export function setMessageHandlers(run: ReferralRun): void {
  setHandler(accept, () => whileBusy(run, () => acceptOffer(run)), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['offered']),
  });
  setHandler(decline, ({ reason }) => whileBusy(run, () => declineOffer(run, reason)), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['offered']),
  });
  setHandler(reportOutcome, (report) => recordReport(run, report), {
    validator: (report) => mustAllowReport(run, report),
  });
  setHandler(confirmContact, ({ called }) => whileBusy(run, () => recordConfirmation(run, called)), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['accepted', 'contacted']),
  });
  setHandler(askAnother, () => replaceAgent(run, run.offer as Offer), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['accepted', 'contacted']),
  });
  setHandler(withdraw, () => withdrawReferral(run), { validator: () => mustNotBeClosed(run) });
  setHandler(closeByOps, () => {
    run.closedByOps = true;
  });
  setHandler(consentRescinded, () => {
    run.withdrawn = true;
  });
  setHandler(rescindOffer, ({ offerId }) => {
    run.rescindedOffers.add(offerId);
  });
  setHandler(offerUnreachable, ({ offerId }) => {
    run.unreachableOffers.add(offerId);
  });
  setHandler(matchAgain, () => {
    // while an offer runs, the relay offers the capacity to the next referral; this one only reads its row again
    if (run.offer && run.offer.end === undefined) run.mustCatchUp = true;
    else run.woken = true;
  });
}

async function acceptOffer(run: ReferralRun) {
  const offer = run.offer as Offer;
  const { referralId } = run;
  const done = await activities.acceptOffer({ referralId, offerId: offer.offerId, at: now() });
  offer.phase = 'accepted';
  offer.deadlineAt = done.contactDueAt;
  offer.remindAt = done.contactRemindAt;
  apply(run, done);
  return { acceptedAt: done.acceptedAt };
}

async function declineOffer(run: ReferralRun, reason: DeclineReason) {
  return { endedAt: await finish(run, run.offer as Offer, 'declined', 'agent', reason) };
}

async function recordReport(run: ReferralRun, report: { offerId: string } & ReportedOutcome) {
  const offer = run.offer as Offer;
  const end = outcomeRules[report.outcome].ends;
  const reported = await whileBusy(run, async () => {
    const latest = await activities.recordOutcome({ referralId: run.referralId, ...report, at: now() });
    // first contact begins the last phase; a deferral moves its end
    if (report.outcome === 'attempted') awaitNextTry(offer, latest);
    else {
      offer.outcome = report.outcome;
      if (!end) enterPhase(offer, 'contacted', latest);
    }
    apply(run, latest);
    if (end) await finish(run, offer, end, 'agent', report.reason);
    return latest;
  });
  // an outcome that ends the offer is answered with the stage that follows
  if (end) await condition(() => run.latest !== reported);
  return currentStage(run);
}

/** Records the consumer's answer: "called" counts as first contact; "not called" reminds the agent at once. */
async function recordConfirmation(run: ReferralRun, called: boolean) {
  const offer = run.offer as Offer;
  const { referralId } = run;
  const latest = await activities.recordContact({ referralId, offerId: offer.offerId, called, at: now() });
  if (latest.phase === 'contacted') {
    offer.outcome ??= 'contacted';
    enterPhase(offer, 'contacted', latest);
  } else offer.remindAt = undefined;
  apply(run, latest);
  return currentStage(run);
}

/** Ends the offer for a consumer who wants another agent; answers with the stage that follows. */
async function replaceAgent(run: ReferralRun, offer: Offer) {
  const before = run.latest;
  await whileBusy(run, () => finish(run, offer, 'another-asked', 'consumer'));
  await condition(() => run.latest !== before);
  return currentStage(run);
}

/** Answers once the referral is closed. */
async function withdrawReferral(run: ReferralRun) {
  run.withdrawn = true;
  await condition(() => isClosed(run));
  return currentStage(run);
}

function currentStage(run: ReferralRun) {
  const { stage, since } = run.latest as ReferralState;
  return { stage, since };
}

/** Refuses a late or concurrent update before it enters the history (docs/architecture.md, rule 2). */
function mustAllow(run: ReferralRun, offerId: string, phases: readonly OfferPhase[]): void {
  const { offer } = run;
  // the row of a new offer is visible, and can be answered, before `matchReferral` returns to the workflow
  if (offer?.offerId !== offerId && run.busy) {
    refuse('offer-busy', 'The next offer is being recorded.', { offerId });
  }
  if (offer?.offerId !== offerId || offer.end !== undefined || endFromOutside(run, offer) !== undefined) {
    refuse('offer-ended', 'The offer has ended.', { offerId });
  }
  if (run.busy) refuse('offer-busy', 'Another answer to this offer is being recorded.', { offerId });
  if (hasPassed(offer.deadlineAt))
    refuse('offer-ended', 'The offer has ended.', { offerId, at: offer.deadlineAt });
  if (!phases.includes(offer.phase)) {
    refuse('not-allowed-now', 'This is not possible at this point.', { offerId, phase: offer.phase });
  }
}

function mustAllowReport(
  run: ReferralRun,
  { offerId, outcome }: { offerId: string; outcome: Outcome },
): void {
  mustAllow(run, offerId, outcomeRules[outcome].in);
}

function mustNotBeClosed(run: ReferralRun): void {
  if (isClosed(run)) refuse('referral-ended', 'The referral is closed.', { ...currentStage(run) });
}
