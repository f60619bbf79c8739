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
  findAgent,
  isStopped,
  looks,
  type Offer,
  type ReferralRun,
  show,
  whileBusy,
} from './referral-run.ts';
import { waitSummaries } from './referral-summaries.ts';
import { hasPassed, now, waitFor } from './wait.ts';

/** Starts an agent's turn. An offer that was accepted before this run was started continues in its phase. */
export function startOffer(run: ReferralRun, reserved: ReservedOffer, latest: ReferralState): Offer {
  const { offerId, number, notice, accepted } = reserved;
  const offer: Offer = {
    offerId,
    number,
    ...phaseOf(reserved),
    end: undefined,
    outcome: accepted?.outcome,
  };
  run.offer = offer;
  // woken while it matched, possibly for other capacity than it took
  run.mustCatchUp = run.woken;
  show(run, latest);
  // withdrawn meanwhile: an offer that ends at once is sent to nobody
  if (!isStopped(run) && !accepted) void sendOffer(run, offer, notice);
  return offer;
}

/** Reads the phase of a reserved offer, with its instants. */
function phaseOf({ accepted, expiresAt, nudgeAt }: ReservedOffer) {
  const { phase, deadlineAt, remindAt } = accepted ?? {
    phase: 'offered' as const,
    deadlineAt: expiresAt,
    remindAt: nudgeAt,
  };
  return { phase, deadlineAt, remindAt };
}

/** Sends the offer over every channel. When all refuse for good, waiting 15 minutes would reach nobody. */
async function sendOffer(run: ReferralRun, offer: Offer, notice: NoticeToSend): Promise<void> {
  const { offerId } = offer;
  const outcomes = await run.notifier.send([notice], offer.deadlineAt);
  if (outcomes.some((outcome) => outcome !== 'refused')) return;
  // an agent who has the inbox open sees the offer there
  if (await looks.isOfferSeen({ offerId })) return;
  run.unreachableOffers.add(offerId);
}

/**
 * Follows one agent's turn: 15 minutes to answer, 60 to make contact, more after each try, then until the outcome is
 * reported.
 */
export async function untilEnded(run: ReferralRun, offer: Offer): Promise<OfferEnd> {
  while (offer.end === undefined) {
    const { phase, deadlineAt } = offer;
    const until = nextInstant(offer);
    await waitFor(
      () =>
        offer.end !== undefined ||
        offer.phase !== phase ||
        (phase === 'accepted' && offer.deadlineAt !== deadlineAt) ||
        endFromOutside(run, offer) !== undefined ||
        run.mustCatchUp,
      { until, summary: waitSummaries.phase(phase, deadlineAt, offer.number) },
    );
    while (run.busy) await condition(() => !run.busy);
    if (offer.end !== undefined) break;
    const end = endFromOutside(run, offer);
    if (end) await whileBusy(run, () => finish(run, offer, end, offerEndRules[end].by));
    else if (run.mustCatchUp) await catchUp(run, offer);
    else if (hasPassed(offer.deadlineAt))
      await whileBusy(run, () => finish(run, offer, endOnTimeout[offer.phase], 'clock'));
    else if (hasPassed(offer.remindAt)) await remind(run, offer);
  }
  while (run.busy) await condition(() => !run.busy);
  return offer.end;
}

/** Next instant at which the workflow acts by itself: a nudge, the reminder to call, or the end of the phase. */
function nextInstant({ remindAt, deadlineAt }: Offer): Instant {
  return remindAt !== undefined && remindAt < deadlineAt ? remindAt : deadlineAt;
}

/** Reads phase and deadline of the offer from its row. An offer that has ended there ends here. */
async function catchUp(run: ReferralRun, offer: Offer): Promise<void> {
  run.mustCatchUp = false;
  const match = await findAgent(run);
  if (match.found !== 'offer' || match.offer.offerId !== offer.offerId) {
    // its row is still open only where the consent ran out, or was taken back and the signal is still on its way
    const end = match.found === 'over' ? (match.because ?? 'withdrawn') : endOnTimeout[offer.phase];
    await whileBusy(run, () => finish(run, offer, end, offerEndRules[end].by));
    return;
  }
  Object.assign(offer, phaseOf(match.offer));
  show(run, match);
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
  if (run.rescindedOffers.has(offer.offerId)) return 'rescinded';
  return run.unreachableOffers.has(offer.offerId) && offer.phase === 'offered' ? 'unreachable' : undefined;
}

/** Claims the end before anything is awaited, so that the first one wins, and then records it. */
export async function finish(
  run: ReferralRun,
  offer: Offer,
  end: OfferEnd,
  by: Actor,
  reason?: DeclineReason | OutcomeReason,
): Promise<Instant> {
  offer.end = end;
  const { offerId } = offer;
  const done = await activities.endOffer({ referralId: run.referralId, offerId, end, by, reason, at: now() });
  offer.end = done.end;
  void run.notifier.send(done.notices);
  return done.endedAt;
}
