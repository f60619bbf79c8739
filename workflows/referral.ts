import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReportedOutcome } from '../activities/referrals/follow-up.ts';
import type { ReservedOffer } from '../activities/referrals/matching.ts';
import type { ReferralActivities, ReferralState } from '../activities/referrals/referral.ts';
import { refuse, rethrowRefusal } from '../domain/failures.ts';
import type { NoticeToSend } from '../domain/notifications/notices.ts';
import {
  type DeclineReason,
  endOnTimeout,
  type OfferEnd,
  type OfferPhase,
  offerEndRules,
} from '../domain/referrals/offer.ts';
import { type Outcome, type OutcomeReason, outcomeRules } from '../domain/referrals/referral.ts';
import { type Actor, finalStages, type ReferralStage } from '../domain/stages.ts';
import {
  accept,
  askAnother,
  close as closeByOps,
  confirmContact,
  consentRescinded,
  decline,
  type Instant,
  lookAgain,
  type ReferralId,
  reportOutcome,
  rescind,
  unreachable,
  withdraw,
} from './messages.ts';
import { createNotifier } from './notifier.ts';
import { showReferral, waitSummaries } from './referral-summaries.ts';
import { hasPassed, now, waitFor } from './wait.ts';

const activities = proxyActivities<ReferralActivities>({
  // one short transaction; a database that is unavailable for longer is tried again
  startToCloseTimeout: '30 seconds',
  // without limit: a person waits for the result, and a decision that was made must be recorded
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** One agent's turn to help, from the reservation to its end. */
interface Offer {
  offerId: string;
  number: number;
  phase: OfferPhase;
  /** End of this phase: 15 minutes to answer, 60 to make contact, then the time to report an outcome. */
  deadlineAt: Instant;
  /** Instant at which an agent who has not made contact is reminded. */
  remindAt: Instant | undefined;
  /** The end that was claimed first; no other end can replace it. */
  end: OfferEnd | undefined;
  outcome: Outcome | undefined;
}

interface ReferralRun {
  /** The referral as the last activity left it. */
  latest: ReferralState | undefined;
  offer: Offer | undefined;
  /** An activity runs: the clock and a withdrawal wait for it, then state decides. */
  busy: boolean;
  withdrawn: boolean;
  closedByOps: boolean;
  /** Offers whose agent may no longer help. A signal may name one before `matchReferral` has returned it. */
  rescindedOffers: Set<string>;
  /** Offers that every channel has refused for good, at once or later. */
  unreachableOffers: Set<string>;
  /** An agent may have free capacity. The next match must offer the capacity to others if it does not use it. */
  woken: boolean;
  /** Woken while an offer runs: the row of the offer may have changed. */
  mustCatchUp: boolean;
}

/** How the cascade ended, with the outcome if an agent reported one. */
interface CascadeResult {
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: Outcome;
}

/**
 * Finds an agent for one consumer: offers the referral to one agent at a time, each with 15 minutes to answer, until
 * one accepts. The agent then makes contact within 60 minutes and reports the outcome; if not, the next agent is asked.
 */
export async function referral({ referralId }: ReferralId): Promise<ReferralStage> {
  const run: ReferralRun = {
    latest: undefined,
    offer: undefined,
    busy: false,
    withdrawn: false,
    closedByOps: false,
    rescindedOffers: new Set(),
    unreachableOffers: new Set(),
    // the run before this one may have been woken for free capacity
    woken: workflowInfo().continuedFromExecutionRunId !== undefined,
    mustCatchUp: false,
  };
  const notifier = createNotifier();

  setHandler(accept, () => whileBusy(acceptOffer), {
    validator: ({ offerId }) => mustAllow(offerId, ['offered']),
  });
  setHandler(decline, ({ reason }) => whileBusy(() => declineOffer(reason)), {
    validator: ({ offerId }) => mustAllow(offerId, ['offered']),
  });
  setHandler(reportOutcome, recordReport, { validator: mustAllowReport });
  setHandler(confirmContact, ({ called }) => whileBusy(() => recordConfirmation(called)), {
    validator: ({ offerId }) => mustAllow(offerId, ['accepted', 'contacted']),
  });
  setHandler(askAnother, () => replaceAgent(run.offer as Offer), {
    validator: ({ offerId }) => mustAllow(offerId, ['accepted', 'contacted']),
  });
  setHandler(withdraw, withdrawReferral, { validator: mustNotBeClosed });
  setHandler(closeByOps, () => {
    run.closedByOps = true;
  });
  setHandler(consentRescinded, () => {
    run.withdrawn = true;
  });
  setHandler(rescind, ({ offerId }) => {
    run.rescindedOffers.add(offerId);
  });
  setHandler(unreachable, ({ offerId }) => {
    run.unreachableOffers.add(offerId);
  });
  setHandler(lookAgain, () => {
    // while an offer runs, the relay offers the capacity to the next referral; this one only reads its row again
    if (run.offer && run.offer.end === undefined && requestCatchUp()) return;
    run.woken = true;
  });

  const result = await cascade();
  await close(result);
  await condition(() => allHandlersFinished() && notifier.isDone());
  return (run.latest as ReferralState).stage;

  /** Asks one agent after another until an offer's end closes the referral or nobody is left to ask. */
  async function cascade(): Promise<CascadeResult> {
    while (!isStopped()) {
      const offer = await nextOffer();
      if (!offer) break;
      const end = await untilEnded(offer);
      if (offerEndRules[end].then === 'close') return { stage: stageAfter(end), outcome: offer.outcome };
      await continueAsNewIfLong();
    }
    if (run.withdrawn) return { stage: 'withdrawn' };
    return { stage: run.closedByOps ? 'closed' : 'unmatched' };
  }

  /** True when no other agent may be asked. */
  function isStopped(): boolean {
    return run.withdrawn || run.closedByOps;
  }

  /** Waits until an agent is found; undefined when the referral is stopped or its time to look has passed. */
  async function nextOffer(): Promise<Offer | undefined> {
    while (!isStopped()) {
      const match = await findAgent();
      if (match.found === 'over') return undefined;
      void notifier.send(match.notices.filter(({ kind }) => kind !== 'offer'));
      if (match.found === 'offer') return startOffer(match.offer, match);
      show(match);
      const summary = waitSummaries.nextLook(match.recheckAt, match.causes);
      await waitFor(() => run.woken || isStopped(), { until: match.recheckAt, summary });
      await continueAsNewIfLong();
    }
    return undefined;
  }

  /** Looks for an agent once. Capacity that it was woken for and does not use goes to the next waiting referral. */
  function findAgent() {
    const { woken } = run;
    run.woken = false;
    return whileBusy(() => activities.matchReferral({ referralId, at: now(), woken }));
  }

  /** Starts an agent's turn. An offer that was accepted before this run was started continues in its phase. */
  function startOffer(reserved: ReservedOffer, latest: ReferralState): Offer {
    const { offerId, number, expiresAt, notice, accepted } = reserved;
    const offer: Offer = {
      offerId,
      number,
      phase: accepted?.phase ?? 'offered',
      deadlineAt: accepted?.deadlineAt ?? expiresAt,
      remindAt: accepted?.remindAt,
      end: undefined,
      outcome: undefined,
    };
    run.offer = offer;
    run.mustCatchUp = false;
    // woken while it matched, possibly for other capacity than it took
    if (run.woken) requestCatchUp();
    show(latest);
    // withdrawn meanwhile: an offer that ends at once is sent to nobody
    if (!isStopped() && !accepted) void sendOffer(offer, notice);
    return offer;
  }

  /** Sends the offer over every channel. When all refuse for good, waiting 15 minutes would reach nobody. */
  async function sendOffer(offer: Offer, notice: NoticeToSend): Promise<void> {
    const { offerId } = offer;
    const outcomes = await notifier.send([notice], offer.deadlineAt);
    if (outcomes.some((outcome) => outcome !== 'refused')) return;
    // an agent who has the inbox open sees the offer there
    if (patched('an-open-inbox-is-a-channel') && (await activities.isOfferSeen({ offerId }))) return;
    run.unreachableOffers.add(offerId);
  }

  /** Follows one agent's turn: 15 minutes to answer, 60 to make contact, then until the outcome is reported. */
  async function untilEnded(offer: Offer): Promise<OfferEnd> {
    while (offer.end === undefined) {
      const { phase } = offer;
      const until = nextInstant(offer);
      await waitFor(
        () =>
          offer.end !== undefined ||
          offer.phase !== phase ||
          endFromOutside(offer) !== undefined ||
          run.mustCatchUp,
        { until, summary: waitSummaries.phase(phase, until, offer.number) },
      );
      while (run.busy) await condition(() => !run.busy);
      if (offer.end !== undefined) break;
      const end = endFromOutside(offer);
      if (end) await whileBusy(() => finish(offer, end, offerEndRules[end].by));
      else if (run.mustCatchUp) await catchUp(offer);
      else if (hasPassed(offer.deadlineAt))
        await whileBusy(() => finish(offer, endOnTimeout[offer.phase], 'clock'));
      else if (hasPassed(offer.remindAt)) await whileBusy(() => remind(offer));
    }
    while (run.busy) await condition(() => !run.busy);
    return offer.end;
  }

  /** Asks the running turn to read its row again; false in runs that started before there was such a request. */
  function requestCatchUp(): boolean {
    return (run.mustCatchUp ||= patched('woken-during-offer'));
  }

  /** Reads phase and deadline of the offer from its row. An offer that has ended there ends here. */
  async function catchUp(offer: Offer): Promise<void> {
    run.mustCatchUp = false;
    const match = await findAgent();
    if (match.found !== 'offer' || match.offer.offerId !== offer.offerId) {
      // its row is still open only where the consent ran out, or was taken back and the signal is still on its way
      const end = match.found === 'over' ? (match.because ?? 'withdrawn') : endOnTimeout[offer.phase];
      await whileBusy(() => finish(offer, end, offerEndRules[end].by));
      return;
    }
    const { accepted, expiresAt } = match.offer;
    offer.phase = accepted?.phase ?? 'offered';
    offer.deadlineAt = accepted?.deadlineAt ?? expiresAt;
    show(match);
  }

  /** Reminds an agent who has not reported contact when half of the time for it has passed. */
  async function remind(offer: Offer): Promise<void> {
    offer.remindAt = undefined;
    apply(await activities.remindOfContact({ referralId, offerId: offer.offerId, at: now() }));
  }

  /** The end that a signal or a withdrawal asks for, the strongest first; undefined: none. */
  function endFromOutside(offer: Offer): OfferEnd | undefined {
    if (run.withdrawn) return 'withdrawn';
    if (run.closedByOps) return 'closed-by-ops';
    if (run.rescindedOffers.has(offer.offerId)) return 'rescinded';
    return run.unreachableOffers.has(offer.offerId) && offer.phase === 'offered' ? 'unreachable' : undefined;
  }

  /** Claims the end before anything is awaited, so that the first one wins, and then records it. */
  async function finish(
    offer: Offer,
    end: OfferEnd,
    by: Actor,
    reason?: DeclineReason | OutcomeReason,
  ): Promise<Instant> {
    offer.end = end;
    const { offerId } = offer;
    const done = await activities.endOffer({ referralId, offerId, end, by, reason, at: now() });
    offer.end = done.end;
    void notifier.send(done.notices);
    return done.endedAt;
  }

  async function acceptOffer() {
    const offer = run.offer as Offer;
    const done = await activities.acceptOffer({ referralId, offerId: offer.offerId, at: now() });
    offer.phase = 'accepted';
    offer.deadlineAt = done.contactDueAt;
    offer.remindAt = done.contactRemindAt;
    apply(done);
    return { acceptedAt: done.acceptedAt };
  }

  async function declineOffer(reason: DeclineReason) {
    return { endedAt: await finish(run.offer as Offer, 'declined', 'agent', reason) };
  }

  async function recordReport(report: { offerId: string } & ReportedOutcome) {
    const offer = run.offer as Offer;
    const end = outcomeRules[report.outcome].ends;
    const reported = await whileBusy(async () => {
      const latest = await activities.recordOutcome({ referralId, ...report, at: now() });
      offer.outcome = report.outcome;
      // first contact begins the last phase; a deferral moves its end
      if (!end) enterPhase(offer, 'contacted', latest);
      apply(latest);
      if (end) await finish(offer, end, 'agent', report.reason);
      return latest;
    });
    // an outcome that ends the offer is answered with the stage that follows
    if (end) await condition(() => run.latest !== reported);
    return currentStage();
  }

  /** Records the consumer's answer: "called" counts as first contact; "not called" reminds the agent at once. */
  async function recordConfirmation(called: boolean) {
    const offer = run.offer as Offer;
    const latest = await activities.recordContact({
      referralId,
      offerId: offer.offerId,
      called,
      at: now(),
    });
    if (latest.phase === 'contacted') {
      offer.outcome ??= 'contacted';
      enterPhase(offer, 'contacted', latest);
    } else offer.remindAt = undefined;
    apply(latest);
    return currentStage();
  }

  /** Ends the offer for a consumer who wants another agent; answers with the stage that follows. */
  async function replaceAgent(offer: Offer) {
    const before = run.latest;
    await whileBusy(() => finish(offer, 'another-asked', 'consumer'));
    await condition(() => run.latest !== before);
    return currentStage();
  }

  function enterPhase(offer: Offer, phase: OfferPhase, { waitingUntil }: ReferralState): void {
    offer.phase = phase;
    offer.deadlineAt = waitingUntil ?? offer.deadlineAt;
    offer.remindAt = undefined;
  }

  async function withdrawReferral() {
    run.withdrawn = true;
    await condition(isClosed);
    return currentStage();
  }

  /** Closes the referral with the result of the cascade. */
  async function close({ stage, outcome }: CascadeResult): Promise<void> {
    apply(await whileBusy(() => activities.closeReferral({ referralId, stage, outcome, at: now() })));
  }

  /** Runs an activity while clock and updates wait. A refusal reaches the caller of the update unchanged. */
  async function whileBusy<T>(activity: () => Promise<T>): Promise<T> {
    run.busy = true;
    try {
      return await activity().catch(rethrowRefusal);
    } finally {
      run.busy = false;
    }
  }

  /** Applies an activity's result: shows the new stage and sends the pending notices. */
  function apply(latest: ReferralState): void {
    show(latest);
    void notifier.send(latest.notices);
  }

  function show(latest: ReferralState): void {
    run.latest = latest;
    showReferral(latest, isClosed() ? undefined : run.offer?.number);
  }

  function currentStage() {
    const { stage, since } = run.latest as ReferralState;
    return { stage, since };
  }

  function isClosed(): boolean {
    return run.latest !== undefined && finalStages.has(run.latest.stage);
  }

  /** Refuses a late or concurrent update before it enters the history (docs/architecture.md, rule 2). */
  function mustAllow(offerId: string, phases: readonly OfferPhase[]): void {
    const { offer } = run;
    // the row of a new offer is visible, and can be answered, before `matchReferral` returns to the workflow
    if (offer?.offerId !== offerId && run.busy) {
      refuse('offer-busy', 'The next offer is being recorded.', { offerId });
    }
    if (offer?.offerId !== offerId || offer.end !== undefined || endFromOutside(offer) !== undefined) {
      refuse('offer-ended', 'The offer has ended.', { offerId });
    }
    if (run.busy) refuse('offer-busy', 'Another answer to this offer is being recorded.', { offerId });
    if (hasPassed(offer.deadlineAt))
      refuse('offer-ended', 'The offer has ended.', { offerId, at: offer.deadlineAt });
    if (!phases.includes(offer.phase)) {
      refuse('not-allowed-now', 'This is not possible at this point.', { offerId, phase: offer.phase });
    }
  }

  function mustAllowReport({ offerId, outcome }: { offerId: string; outcome: Outcome }): void {
    mustAllow(offerId, outcomeRules[outcome].in);
  }

  function mustNotBeClosed(): void {
    if (isClosed()) refuse('referral-ended', 'The referral is closed.', { ...currentStage() });
  }

  /** Continues as new between two matches, unless an update waits for its answer or a notice is being sent. */
  async function continueAsNewIfLong(): Promise<void> {
    if (isStopped() || !workflowInfo().continueAsNewSuggested) return;
    if (allHandlersFinished() && notifier.isDone()) await continueAsNew<typeof referral>({ referralId });
  }
}

/** Final stage of a referral by the end of its last offer. */
function stageAfter(end: OfferEnd): CascadeResult['stage'] {
  if (end === 'withdrawn') return 'withdrawn';
  // the consent ran out before an agent had helped
  return end === 'consent-expired' ? 'unmatched' : 'closed';
}

/** Next instant at which the turn's clock acts: the reminder, or the end of the phase. */
function nextInstant({ remindAt, deadlineAt }: Offer): Instant {
  return remindAt !== undefined && remindAt < deadlineAt ? remindAt : deadlineAt;
}
