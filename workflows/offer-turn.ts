import { condition } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/change-referral.ts';
import type { ReservedOffer } from '../activities/referrals/matching.ts';
import type { NoticeToSend } from '../domain/notifications/notices.ts';
import {
  type DeclineReason,
  endOnTimeout,
  type OfferEnd,
  type OfferPhase,
  offerEndRules,
} from '../domain/referrals/offer.ts';
import type { OutcomeReason } from '../domain/referrals/referral.ts';
import type { Actor } from '../domain/stages.ts';
import type { Instant } from './messages.ts';
import { remind } from './offer-reminders.ts';
import {
  activities,
  isOver,
  isStopped,
  type Offer,
  type ReferralRun,
  reports,
  show,
  whileBusy,
} from './referral-run.ts';
import { waitSummaries } from './referral-summaries.ts';
import { hasPassed, now, waitFor } from './wait.ts';

/**
 * Starts an agent's turn. An offer that was accepted before this run was started continues in its phase.
 * @returns what tells the agent of it
 */
export function startOffer(run: ReferralRun, reserved: ReservedOffer, latest: ReferralState): NoticeToSend[] {
  const { offerId, number, notice, accepted } = reserved;
  const phase = phaseOf(reserved);
  const offer: Offer = {
    offerId,
    number,
    ...phase,
    beganIn: phase.phase,
    end: undefined,
    outcome: accepted?.outcome,
  };
  run.offers.set(offerId, offer);
  show(run, latest);
  // no channel is left to the agent, so waiting 15 minutes would reach nobody
  if (notice.channels.length === 0) run.unreachableOffers.add(offerId);
  void takeTurn(run, offer);
  // withdrawn meanwhile: an offer that ends at once is sent to nobody
  return isStopped(run) || accepted ? [] : [notice];
}

/** Follows an agent's turn beside those of others, and passes on what follows from its end. */
async function takeTurn(run: ReferralRun, offer: Offer): Promise<void> {
  run.turns += 1;
  try {
    const end = await untilEnded(run, offer);
    const { then } = offerEndRules[end];
    if (then === 'close') run.closing ??= { end, outcome: offer.outcome };
    if (then === 'ask-another') run.mustLook = true;
  } catch (error) {
    run.failure ??= { error };
  }
  run.turns -= 1;
}

/** Reads the phase of a reserved offer, with its instants. */
export function phaseOf({ accepted, expiresAt, nudgeAt }: ReservedOffer) {
  const { phase, deadlineAt, remindAt } = accepted ?? {
    phase: 'offered' as const,
    deadlineAt: expiresAt,
    remindAt: nudgeAt,
  };
  return { phase, deadlineAt, remindAt };
}

/**
 * Follows one agent's turn: 15 minutes to answer, 60 to make contact, more after each try, then until the outcome is
 * reported.
 */
async function untilEnded(run: ReferralRun, offer: Offer): Promise<OfferEnd> {
  for (;;) {
    if (offer.end === undefined) await untilDue(run, offer);
    while (mustWait(run)) await condition(() => !mustWait(run));
    if (offer.end !== undefined) return offer.end;
    const end = endFromOutside(run, offer);
    if (end) await whileBusy(run, () => finish(run, offer, end, offerEndRules[end].by));
    else if (hasPassed(offer.deadlineAt))
      await whileBusy(run, () => finish(run, offer, endOnTimeout[offer.phase], 'clock'));
    else if (hasPassed(offer.remindAt)) await remind(run, offer);
  }
}

/** Waits until something has happened to the offer, or its next instant has come. */
function untilDue(run: ReferralRun, offer: Offer): Promise<void> {
  const { phase, deadlineAt } = offer;
  const until = nextInstant(offer);
  return waitFor(
    () =>
      offer.end !== undefined ||
      offer.phase !== phase ||
      (phase === 'accepted' && offer.deadlineAt !== deadlineAt) ||
      endFromOutside(run, offer) !== undefined ||
      mustReadRows(run),
    { until, summary: waitSummaries.phase(phase, deadlineAt, offer.number) },
  );
}

/** True while an activity runs, or before the rows of the offers are read again: then the state decides. */
function mustWait(run: ReferralRun): boolean {
  return run.busy || mustReadRows(run);
}

/** True until the cascade has read the rows of the offers again. */
function mustReadRows(run: ReferralRun): boolean {
  return run.mustCatchUp && !isOver(run);
}

/** Next instant at which the workflow acts by itself: a nudge, the reminder to call, or the end of the phase. */
function nextInstant({ remindAt, deadlineAt }: Offer): Instant {
  return remindAt !== undefined && remindAt < deadlineAt ? remindAt : deadlineAt;
}

/** Enters a phase whose deadline the activity has set. */
export function enterPhase(offer: Offer, phase: OfferPhase, { waitingUntil }: ReferralState): void {
  offer.phase = phase;
  offer.deadlineAt = waitingUntil ?? offer.deadlineAt;
  offer.remindAt = undefined;
}

/** Gives the agent, who tried to reach the consumer, until the next try, with another reminder. */
export function awaitNextTry(
  offer: Offer,
  { waitingUntil, contactRemindAt }: ReferralState & { contactRemindAt: Instant | undefined },
): void {
  offer.deadlineAt = waitingUntil ?? offer.deadlineAt;
  offer.remindAt = contactRemindAt;
}

/** The end that a signal or a withdrawal asks for, the strongest first; undefined: none. */
export function endFromOutside(run: ReferralRun, offer: Offer): OfferEnd | undefined {
  if (run.withdrawn) return 'withdrawn';
  if (run.closedByOps) return 'closed-by-ops';
  if (run.closing) return run.closing.end;
  if (run.isSearchOver) return 'withdrawn';
  if (run.rescindedOffers.has(offer.offerId)) return 'rescinded';
  return run.unreachableOffers.has(offer.offerId) && offer.phase === 'offered' ? 'unreachable' : undefined;
}

/**
 * Claims the end before anything is awaited, so that the first one wins, and then records it.
 * @returns when the offer ended; undefined if its row has gone on, and is read again
 */
export async function finish(
  run: ReferralRun,
  offer: Offer,
  end: OfferEnd,
  by: Actor,
  reason?: DeclineReason | OutcomeReason,
): Promise<Instant | undefined> {
  offer.end = end;
  const { offerId } = offer;
  const { endOffer } = end === 'another-asked' ? reports : activities;
  const done = await endOffer({ referralId: run.referralId, offerId, end, by, reason, at: now() });
  offer.end = done.end;
  if (done.end === undefined) run.mustCatchUp = true;
  void run.notifier.send(done.notices);
  return done.endedAt;
}
