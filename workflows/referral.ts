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
  close as closeIt,
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
  // one short transaction; a database that is away for longer is tried again
  startToCloseTimeout: '30 seconds',
  // without limit: a person waits at the other end, and what was decided stays decided
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** One agent's turn, as the story follows it. */
interface Offer {
  offerId: string;
  number: number;
  phase: OfferPhase;
  /** When this phase's clock runs out: 15 minutes to answer, 60 to call, then to the outcome. */
  deadlineAt: Instant;
  /** When the agent who has not called yet is reminded. */
  remindAt: Instant | undefined;
  /** The end that was claimed first; no other can come after it. */
  end: OfferEnd | undefined;
  outcome: Outcome | undefined;
}

interface Run {
  /** Where the referral stands after the last deed. */
  view: ReferralState | undefined;
  offer: Offer | undefined;
  /** A deed runs: the clock and the withdrawal wait for it, and then state decides. */
  busy: boolean;
  withdrawn: boolean;
  /** Ops have ended the referral. */
  closing: boolean;
  /** Offers whose agent may no longer help; one may be named before the story has heard of it. */
  rescinded: Set<string>;
  /** Offers whose message every channel has refused for good, at once or later. */
  unreachable: Set<string>;
  /** Somebody may have become free, and the next look has to leave the place to others if it does not take it. */
  woken: boolean;
  /** Woken while an offer runs: the row may say something else of it than the story knows. */
  doubted: boolean;
}

/** How the story ends, and with which outcome if an agent reported one. */
interface CascadeResult {
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: Outcome;
}

/**
 * One consumer's referral: offered to one agent at a time, each with 15 minutes, until one accepts; then the two
 * talk, and what came of it is recorded.
 */
export async function referral({ referralId }: ReferralId): Promise<ReferralStage> {
  const run: Run = {
    view: undefined,
    offer: undefined,
    busy: false,
    withdrawn: false,
    closing: false,
    rescinded: new Set(),
    unreachable: new Set(),
    // what woke the run before this one is not known any more
    woken: workflowInfo().continuedFromExecutionRunId !== undefined,
    doubted: false,
  };
  const teller = createNotifier();

  setHandler(accept, () => doing(acceptIt), {
    validator: ({ offerId }) => mustBeOpen(offerId, ['offered']),
  });
  setHandler(decline, ({ reason }) => doing(() => declineIt(reason)), {
    validator: ({ offerId }) => mustBeOpen(offerId, ['offered']),
  });
  setHandler(reportOutcome, takeReport, { validator: mustBeReportable });
  setHandler(confirmContact, ({ called }) => doing(() => hear(called)), {
    validator: ({ offerId }) => mustBeOpen(offerId, ['accepted', 'contacted']),
  });
  setHandler(askAnother, () => giveUp(run.offer as Offer), {
    validator: ({ offerId }) => mustBeOpen(offerId, ['accepted', 'contacted']),
  });
  setHandler(withdraw, withdrawIt, { validator: mustNotBeClosed });
  setHandler(closeIt, () => {
    run.closing = true;
  });
  setHandler(consentRescinded, () => {
    run.withdrawn = true;
  });
  setHandler(rescind, ({ offerId }) => {
    run.rescinded.add(offerId);
  });
  setHandler(unreachable, ({ offerId }) => {
    run.unreachable.add(offerId);
  });
  setHandler(lookAgain, () => {
    // the relay leaves a place to the next as soon as an offer is written; what is left is to look at the row
    if (run.offer && run.offer.end === undefined && doubt()) return;
    run.woken = true;
  });

  const ending = await cascade();
  await close(ending);
  await condition(() => allHandlersFinished() && teller.isDone());
  return (run.view as ReferralState).stage;

  /** Asks one agent after another until an end closes the referral. */
  async function cascade(): Promise<CascadeResult> {
    while (!isOver()) {
      const offer = await nextOffer();
      if (!offer) break;
      const end = await untilEnded(offer);
      if (offerEndRules[end].then === 'close') return { stage: stageAfter(end), outcome: offer.outcome };
      await startAfreshIfLong();
    }
    if (run.withdrawn) return { stage: 'withdrawn' };
    return { stage: run.closing ? 'closed' : 'unmatched' };
  }

  /** Nobody is asked any more. */
  function isOver(): boolean {
    return run.withdrawn || run.closing;
  }

  /** Waits out empty benches within the consumer's budget; nothing when it is over. */
  async function nextOffer(): Promise<Offer | undefined> {
    while (!isOver()) {
      const match = await look();
      if (match.found === 'over') return undefined;
      void teller.tell(match.notices.filter(({ kind }) => kind !== 'offer'));
      if (match.found === 'offer') return begin(match.offer, match);
      show(match);
      const summary = waitSummaries.nextLook(match.recheckAt, match.causes);
      await waitFor(() => run.woken || isOver(), { until: match.recheckAt, summary });
      await startAfreshIfLong();
    }
    return undefined;
  }

  /** One look for somebody; what it was woken for and does not take is for the next who waits. */
  function look() {
    const { woken } = run;
    run.woken = false;
    return doing(() => activities.matchReferral({ referralId, at: now(), woken }));
  }

  /** An offer that was accepted before its story was broken off goes on where it stood. */
  function begin(reserved: ReservedOffer, view: ReferralState): Offer {
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
    run.doubted = false;
    // woken while it looked: the place may be another than the one it took
    if (run.woken) doubt();
    show(view);
    // withdrawn meanwhile: nobody is troubled with an offer that ends at once
    if (!isOver() && !accepted) void offerIt(offer, notice);
    return offer;
  }

  /** Tells the agent over every channel; when all refuse for good, waiting 15 minutes would reach nobody. */
  async function offerIt(offer: Offer, notice: NoticeToSend): Promise<void> {
    const { offerId } = offer;
    const told = await teller.tell([notice], offer.deadlineAt);
    if (told.some((end) => end !== 'refused')) return;
    // an open inbox is a channel
    if (patched('an-open-inbox-is-a-channel') && (await activities.isOfferSeen({ offerId }))) return;
    run.unreachable.add(offerId);
  }

  /** 15 minutes to answer, 60 to call, then to the outcome: each phase has its clock, and silence its word. */
  async function untilEnded(offer: Offer): Promise<OfferEnd> {
    while (offer.end === undefined) {
      const { phase } = offer;
      const until = nextInstant(offer);
      await waitFor(
        () =>
          offer.end !== undefined || offer.phase !== phase || calledOff(offer) !== undefined || run.doubted,
        { until, summary: waitSummaries.phase(phase, until, offer.number) },
      );
      while (run.busy) await condition(() => !run.busy);
      if (offer.end !== undefined) break;
      const off = calledOff(offer);
      if (off) await doing(() => finish(offer, off, offerEndRules[off].by));
      else if (run.doubted) await catchUp(offer);
      else if (hasPassed(offer.deadlineAt))
        await doing(() => finish(offer, endOnTimeout[offer.phase], 'clock'));
      else if (hasPassed(offer.remindAt)) await doing(() => remind(offer));
    }
    while (run.busy) await condition(() => !run.busy);
    return offer.end;
  }

  /** Stories that were woken earlier did not listen while an offer ran. */
  function doubt(): boolean {
    return (run.doubted ||= patched('woken-during-offer'));
  }

  /** Takes over from the row how far the offer has come and until when; an offer that the row has ended ends here. */
  async function catchUp(offer: Offer): Promise<void> {
    run.doubted = false;
    const match = await look();
    if (match.found !== 'offer' || match.offer.offerId !== offer.offerId) {
      // still open in the row it is only where the consent was taken back, of which the story hears later, or ran out
      const end = match.found === 'over' ? (match.because ?? 'withdrawn') : endOnTimeout[offer.phase];
      await doing(() => finish(offer, end, offerEndRules[end].by));
      return;
    }
    const { accepted, expiresAt } = match.offer;
    offer.phase = accepted?.phase ?? 'offered';
    offer.deadlineAt = accepted?.deadlineAt ?? expiresAt;
    show(match);
  }

  /** Half of the time to call is over and nothing was heard. */
  async function remind(offer: Offer): Promise<void> {
    offer.remindAt = undefined;
    take(await activities.remindOfContact({ referralId, offerId: offer.offerId, at: now() }));
  }

  /** What ends an offer from outside, in the order of weight. */
  function calledOff(offer: Offer): OfferEnd | undefined {
    if (run.withdrawn) return 'withdrawn';
    if (run.closing) return 'closed-by-ops';
    if (run.rescinded.has(offer.offerId)) return 'rescinded';
    return run.unreachable.has(offer.offerId) && offer.phase === 'offered' ? 'unreachable' : undefined;
  }

  /** Claims the end before anything is awaited, so that the first one wins; then writes it down. */
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
    void teller.tell(done.notices);
    return done.endedAt;
  }

  async function acceptIt() {
    const offer = run.offer as Offer;
    const done = await activities.acceptOffer({ referralId, offerId: offer.offerId, at: now() });
    offer.phase = 'accepted';
    offer.deadlineAt = done.contactDueAt;
    offer.remindAt = done.contactRemindAt;
    take(done);
    return { acceptedAt: done.acceptedAt };
  }

  async function declineIt(reason: DeclineReason) {
    return { endedAt: await finish(run.offer as Offer, 'declined', 'agent', reason) };
  }

  async function takeReport(report: { offerId: string } & ReportedOutcome) {
    const offer = run.offer as Offer;
    const end = outcomeRules[report.outcome].ends;
    const reported = await doing(async () => {
      const view = await activities.recordOutcome({ referralId, ...report, at: now() });
      offer.outcome = report.outcome;
      // first contact begins the last phase; what is put off moves its end
      if (!end) follow(offer, 'contacted', view);
      take(view);
      if (end) await finish(offer, end, 'agent', report.reason);
      return view;
    });
    // an outcome that ends the offer is answered with what the referral has come to
    if (end) await condition(() => run.view !== reported);
    return standing();
  }

  /** The consumer's word that the agent called is first contact; that nobody called, a reason to remind. */
  async function hear(called: boolean) {
    const offer = run.offer as Offer;
    const view = await activities.recordContact({ referralId, offerId: offer.offerId, called, at: now() });
    if (view.phase === 'contacted') {
      offer.outcome ??= 'contacted';
      follow(offer, 'contacted', view);
    } else offer.remindAt = undefined;
    take(view);
    return standing();
  }

  /** The consumer wants somebody else: answered with what the referral has come to. */
  async function giveUp(offer: Offer) {
    const before = run.view;
    await doing(() => finish(offer, 'another-asked', 'consumer'));
    await condition(() => run.view !== before);
    return standing();
  }

  function follow(offer: Offer, phase: OfferPhase, { waitingUntil }: ReferralState): void {
    offer.phase = phase;
    offer.deadlineAt = waitingUntil ?? offer.deadlineAt;
    offer.remindAt = undefined;
  }

  async function withdrawIt() {
    run.withdrawn = true;
    await condition(isClosed);
    return standing();
  }

  async function close({ stage, outcome }: CascadeResult): Promise<void> {
    take(await doing(() => activities.closeReferral({ referralId, stage, outcome, at: now() })));
  }

  /** One deed at a time; a refusal reaches the person who asked as it was said. */
  async function doing<T>(deed: () => Promise<T>): Promise<T> {
    run.busy = true;
    try {
      return await deed().catch(rethrowRefusal);
    } finally {
      run.busy = false;
    }
  }

  /** Takes over where the referral stands now, and tells what is to be told. */
  function take(view: ReferralState): void {
    show(view);
    void teller.tell(view.notices);
  }

  function show(view: ReferralState): void {
    run.view = view;
    showReferral(view, isClosed() ? undefined : run.offer?.number);
  }

  function standing() {
    const { stage, since } = run.view as ReferralState;
    return { stage, since };
  }

  function isClosed(): boolean {
    return run.view !== undefined && finalStages.has(run.view.stage);
  }

  /** An update is refused here, before it leaves a trace, when its time is over or a deed decides it (rule 2). */
  function mustBeOpen(offerId: string, phases: readonly OfferPhase[]): void {
    const { offer } = run;
    // the turn that is being reserved can be seen, and answered, before the story hears of it
    if (offer?.offerId !== offerId && run.busy) {
      refuse('offer-busy', 'The next offer is being written down.', { offerId });
    }
    if (offer?.offerId !== offerId || offer.end !== undefined || calledOff(offer) !== undefined) {
      refuse('offer-ended', 'The offer has ended.', { offerId });
    }
    if (run.busy) refuse('offer-busy', 'Another answer to this offer is being written down.', { offerId });
    if (hasPassed(offer.deadlineAt))
      refuse('offer-ended', 'The offer has ended.', { offerId, at: offer.deadlineAt });
    if (!phases.includes(offer.phase)) {
      refuse('not-allowed-now', 'This is not possible at this point.', { offerId, phase: offer.phase });
    }
  }

  function mustBeReportable({ offerId, outcome }: { offerId: string; outcome: Outcome }): void {
    mustBeOpen(offerId, outcomeRules[outcome].in);
  }

  function mustNotBeClosed(): void {
    if (isClosed()) refuse('referral-ended', 'The referral is closed.', { ...standing() });
  }

  /** Between two looks or offers; not while somebody waits for an answer or a message is on its way: there is a next time. */
  async function startAfreshIfLong(): Promise<void> {
    if (isOver() || !workflowInfo().continueAsNewSuggested) return;
    if (allHandlersFinished() && teller.isDone()) await continueAsNew<typeof referral>({ referralId });
  }
}

/** What a referral comes to whose last offer ended so. */
function stageAfter(end: OfferEnd): CascadeResult['stage'] {
  if (end === 'withdrawn') return 'withdrawn';
  // nobody had helped by then
  return end === 'consent-expired' ? 'unmatched' : 'closed';
}

/** The reminder, or the end of the phase. */
function nextInstant({ remindAt, deadlineAt }: Offer): Instant {
  return remindAt !== undefined && remindAt < deadlineAt ? remindAt : deadlineAt;
}
