import type { ReservedOffer } from '../../activities/referrals/matching.ts';
import type { ReferralActivities } from '../../activities/referrals/referral.ts';
import {
  type DeclineReason,
  endOnTimeout,
  type OfferEnd,
  type OfferPhase,
  offerEndRules,
} from '../../domain/referrals/offer.ts';
import type { Actor } from '../../domain/stages.ts';
import type { Planned, VirtualClock } from './virtual-clock.ts';

/** A request that is played: its id, and whatever people look at. */
interface SomeRequest {
  id: string;
}

/** An offer as its agent sees it. */
export interface OfferSeen<Request> {
  request: Request;
  npn: string;
  /** Messages about it before this one. */
  messagesBefore: number;
  /** When this message arrives. */
  at: Date;
}

/** How an agent answers, and how long after a message. */
export interface PlannedAnswer {
  afterMs: number;
  as: 'accepted' | 'declined';
}

/** How people behave. The same question always has the same answer, so that every policy is played by the same people. */
export interface People<Request> {
  /** Returns the answer that one message about an offer causes; undefined: none. */
  answer(seen: OfferSeen<Request>): PlannedAnswer | undefined;
  /** Returns the milliseconds from acceptance to first contact; undefined: the agent never calls. */
  callAfterMs(about: { request: Request; npn: string }): number | undefined;
  /**
   * Returns the milliseconds from the mail that asks a resting agent whether their hours hold to their answer; undefined: none.
   * The rest began with an offer of this request.
   */
  confirmHoursAfterMs(about: { request: Request; npn: string; at: Date }): number | undefined;
}

/** What became of a request. Instants are the first of their kind; undefined: it did not come to that. */
export interface PlayedRequest<Request> {
  request: Request;
  offeredAt: Date | undefined;
  acceptedAt: Date | undefined;
  contactedAt: Date | undefined;
  /** NPNs of the agents who were asked, in their order. */
  asked: string[];
}

/** One agent's turn. */
interface Turn {
  offerId: string;
  npn: string;
  phase: OfferPhase;
  expiresAt: Date;
  messages: number;
  /** What will happen to it, unless something else happens first. */
  planned: Planned[];
}

/** A referral that is being played. */
interface Run<Request> {
  played: PlayedRequest<Request>;
  turns: Map<string, Turn>;
  /** The next look for an agent by the clock. */
  recheck: Planned | undefined;
}

/** What plays referrals: the service's own activities, people and a clock. */
interface CascadeDeps<Request> {
  activities: ReferralActivities;
  people: People<Request>;
  clock: VirtualClock;
  /** Records that an agent's hours still hold, as their answer to the mail that asks. */
  confirmHours: (npn: string) => Promise<void>;
}

/**
 * Plays referrals as the workflow does (`workflows/referral.ts`), with a virtual clock instead of Temporal's: each instant at
 * which a workflow would act, or a person would, calls the activity that the service calls.
 */
export function createCascade<Request extends SomeRequest>({
  activities,
  people,
  clock,
  confirmHours,
}: CascadeDeps<Request>) {
  const runs = new Map<string, Run<Request>>();
  const now = () => clock.now().toISOString();

  return {
    /** How many referrals still look for an agent or wait for an answer or a call. */
    open: () => runs.size,

    /** Begins with a referral that has been confirmed. */
    async begin(request: Request): Promise<PlayedRequest<Request>> {
      const nothingYet = { offeredAt: undefined, acceptedAt: undefined, contactedAt: undefined };
      const played: PlayedRequest<Request> = { request, ...nothingYet, asked: [] };
      const run: Run<Request> = { played, turns: new Map(), recheck: undefined };
      runs.set(request.id, run);
      await look(run);
      return played;
    },

    /** Has a referral look again for capacity that has become free. @returns false if it does not wait for an agent */
    async wake(referralId: string): Promise<boolean> {
      const run = runs.get(referralId);
      if (!run || run.turns.size > 0) return false;
      await look(run, { woken: true });
      return true;
    },
  };

  async function look(run: Run<Request>, { woken = false } = {}): Promise<void> {
    lookAt(run, undefined);
    const referralId = run.played.request.id;
    const match = await activities.matchReferral({ referralId, at: now(), woken });
    if (match.found === 'offer') {
      for (const offer of [...(match.beside ?? []), match.offer]) startTurn(run, offer);
      lookAt(run, match.askAnotherAt);
    } else if (match.found === 'not-now') lookAt(run, match.recheckAt);
    else {
      await activities.closeReferral({ referralId, stage: 'unmatched', at: now() });
      runs.delete(referralId);
    }
  }

  /** Plans the next look by the clock, instead of the one that was planned; undefined: none. */
  function lookAt(run: Run<Request>, instant: string | undefined): void {
    if (run.recheck) run.recheck.isCanceled = true;
    run.recheck = instant === undefined ? undefined : clock.at(Date.parse(instant), () => look(run));
  }

  function startTurn(run: Run<Request>, { offerId, npn, expiresAt: until, nudgeAt }: ReservedOffer): void {
    if (run.turns.has(offerId)) return;
    const expiresAt = new Date(until);
    const turn: Turn = { offerId, npn, phase: 'offered', expiresAt, messages: 0, planned: [] };
    run.turns.set(offerId, turn);
    run.played.offeredAt ??= clock.now();
    run.played.asked.push(npn);
    plan(turn, expiresAt, () => timeOut(run, turn));
    tell(run, turn);
    if (nudgeAt) plan(turn, Date.parse(nudgeAt), () => nudge(run, turn));
  }

  /** Tells the agent again, where the service does. */
  async function nudge(run: Run<Request>, turn: Turn): Promise<void> {
    const about = { referralId: run.played.request.id, offerId: turn.offerId, at: now() };
    const { nudgeAt, notices } = await activities.nudgeAgent(about);
    if (notices.some(({ kind }) => kind === 'offer-nudge')) tell(run, turn);
    if (nudgeAt) plan(turn, Date.parse(nudgeAt), () => nudge(run, turn));
  }

  /** Lets a message about an offer arrive: each one is another chance that the agent answers. */
  function tell(run: Run<Request>, turn: Turn): void {
    const { request } = run.played;
    const at = clock.now();
    const answer = people.answer({ request, npn: turn.npn, messagesBefore: turn.messages, at });
    turn.messages += 1;
    if (!answer) return;
    const answerAt = at.getTime() + answer.afterMs;
    // an answer at the deadline is refused
    if (answerAt < turn.expiresAt.getTime()) plan(turn, answerAt, () => answerOffer(run, turn, answer));
  }

  async function answerOffer(run: Run<Request>, turn: Turn, { as }: PlannedAnswer): Promise<void> {
    if (as === 'declined') return finish(run, turn, { end: 'declined', by: 'agent', reason: 'too-busy' });
    const { request } = run.played;
    const { offerId, npn } = turn;
    const { contactDueAt, contactRemindAt } = await activities.acceptOffer({
      referralId: request.id,
      offerId,
      at: now(),
    });
    run.played.acceptedAt ??= clock.now();
    // what was planned for this agent and for the others who were asked is over
    endTurns(run);
    run.turns.set(offerId, turn);
    turn.phase = 'accepted';
    plan(turn, Date.parse(contactDueAt), () => timeOut(run, turn));
    if (contactRemindAt) plan(turn, Date.parse(contactRemindAt), () => remind(run, turn));
    const afterMs = people.callAfterMs({ request, npn });
    if (afterMs !== undefined) plan(turn, clock.now().getTime() + afterMs, () => reachConsumer(run, turn));
  }

  async function remind({ played: { request } }: Run<Request>, { offerId }: Turn): Promise<void> {
    await activities.remindOfContact({ referralId: request.id, offerId, at: now() });
  }

  /** Records first contact, with which the waiting is over. What follows changes nothing for others who wait. */
  async function reachConsumer(run: Run<Request>, { offerId }: Turn): Promise<void> {
    const referralId = run.played.request.id;
    await activities.recordOutcome({ referralId, offerId, outcome: 'contacted', at: now() });
    run.played.contactedAt = clock.now();
    endTurns(run);
    runs.delete(referralId);
  }

  async function timeOut(run: Run<Request>, turn: Turn): Promise<void> {
    await finish(run, turn, { end: endOnTimeout[turn.phase], by: 'clock' });
  }

  async function finish(
    run: Run<Request>,
    turn: Turn,
    claimed: { end: OfferEnd; by: Actor; reason?: DeclineReason },
  ): Promise<void> {
    const { offerId, npn } = turn;
    cancel(turn);
    run.turns.delete(offerId);
    const { request } = run.played;
    const about = { referralId: request.id, offerId, at: now() };
    const { end, notices } = await activities.endOffer({ ...about, ...claimed });
    if (notices.some(({ kind }) => kind === 'hours-question')) askOfHours(request, npn);
    if (end && offerEndRules[end].then === 'ask-another') await look(run);
  }

  /** Lets the mail arrive that asks a resting agent whether their hours hold. */
  function askOfHours(request: Request, npn: string): void {
    const at = clock.now();
    const afterMs = people.confirmHoursAfterMs({ request, npn, at });
    if (afterMs !== undefined) clock.at(at.getTime() + afterMs, () => confirmHours(npn));
  }

  /** Ends the turns of all agents who were asked, and the look for more. */
  function endTurns(run: Run<Request>): void {
    lookAt(run, undefined);
    for (const turn of run.turns.values()) cancel(turn);
    run.turns.clear();
  }

  function plan(turn: Turn, instant: Date | number, work: () => Promise<void>): void {
    turn.planned.push(clock.at(instant, work));
  }

  function cancel(turn: Turn): void {
    for (const one of turn.planned) one.isCanceled = true;
    turn.planned = [];
  }
}
