import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/change-referral.ts';
import type { ReferralActivities } from '../activities/referrals/referral.ts';
import { rethrowRefusal } from '../domain/failures.ts';
import { priorityOf } from '../domain/priority.ts';
import type { OfferEnd, OfferPhase } from '../domain/referrals/offer.ts';
import type { Outcome } from '../domain/referrals/referral.ts';
import { finalStages } from '../domain/stages.ts';
import type { Instant } from './messages.ts';
import { createNotifier } from './notifier.ts';
import { showReferral } from './referral-summaries.ts';
import { proxyTransactions, transactionOptions } from './transactions.ts';

/** What answers somebody. */
export const activities =
  proxyTransactions<Pick<ReferralActivities, 'acceptOffer' | 'endOffer' | 'closeReferral'>>('answer');

/** What looks for an agent, or waits for one. */
export const looks =
  proxyTransactions<Pick<ReferralActivities, 'matchReferral' | 'nudgeAgent' | 'remindOfContact'>>('look');

/**
 * What a person reports: run again at a later instant, as transactions inside the workflow task can be, it would be another
 * report. And the wish for another agent, which nobody would carry out if the update were lost after the transaction.
 */
export const reports = proxyActivities<
  Pick<ReferralActivities, 'recordOutcome' | 'recordContact' | 'endOffer'>
>({
  ...transactionOptions,
  priority: priorityOf('answer'),
});

/** One agent's turn to help, from the reservation to its end. Turns of several agents can overlap until one accepts. */
export interface Offer {
  offerId: string;
  number: number;
  /** The phase in which this run began to follow it. */
  beganIn: OfferPhase;
  phase: OfferPhase;
  /** End of this phase: 15 minutes to answer, 60 to make contact, then the time to report an outcome. */
  deadlineAt: Instant;
  /** Instant at which an agent who has not answered is told again, or one who has not made contact is reminded. */
  remindAt: Instant | undefined;
  /** The end that was claimed first. Only `taken` is given back, if the acceptance that claimed it is refused. */
  end: OfferEnd | undefined;
  outcome: Outcome | undefined;
}

/** State of one run of the referral workflow. */
export interface ReferralRun {
  referralId: string;
  notifier: ReturnType<typeof createNotifier>;
  /** The referral as the last activity left it. */
  latest: ReferralState | undefined;
  /** What Temporal shows of it. */
  shown: string | undefined;
  /** The offers that this run knows, by id, in the order in which they were made. */
  offers: Map<string, Offer>;
  /** Number of turns that are not over. */
  turns: number;
  /** A turn failed, and with it the run. */
  failure: { error: unknown } | undefined;
  /** Number of nudges that are being recorded. They run beside everything else. */
  nudges: number;
  /** An activity is running: timeouts and a withdrawal wait for it, then the state decides; other updates are refused. */
  busy: boolean;
  /** The end of an offer that closes the referral. */
  closing: { end: OfferEnd; outcome: Outcome | undefined } | undefined;
  /** The time to look for an agent has passed, or the referral is closed. */
  isSearchOver: boolean;
  withdrawn: boolean;
  closedByOps: boolean;
  /** Offers whose agent may no longer help. A signal may name one before `matchReferral` has returned it. */
  rescindedOffers: Set<string>;
  /** Offers that every channel has refused for good, at once or later. */
  unreachableOffers: Set<string>;
  /** The rows of the referral have been read: a run that was started anew may have offers to end. */
  hasLooked: boolean;
  /** An agent may have free capacity, which the next match or the closing must offer to others if it is not used. */
  woken: boolean;
  /** Woken while an offer runs: the rows of the offers may have changed. */
  mustCatchUp: boolean;
  /** An agent must be looked for: none was yet, or one who was asked does not help. */
  mustLook: boolean;
  /** When an agent is looked for although nothing has happened. */
  lookAt: Instant | undefined;
}

/** Creates the state at the start of a run. */
export function createReferralRun(referralId: string): ReferralRun {
  return {
    referralId,
    notifier: createNotifier(),
    latest: undefined,
    shown: undefined,
    offers: new Map(),
    turns: 0,
    nudges: 0,
    failure: undefined,
    busy: false,
    closing: undefined,
    isSearchOver: false,
    hasLooked: false,
    withdrawn: false,
    closedByOps: false,
    rescindedOffers: new Set(),
    unreachableOffers: new Set(),
    // the run before this one may have been woken for free capacity
    woken: workflowInfo().continuedFromExecutionRunId !== undefined,
    mustCatchUp: false,
    mustLook: true,
    lookAt: undefined,
  };
}

/** True when no other agent may be asked. */
export function isStopped(run: ReferralRun): boolean {
  return run.withdrawn || run.closedByOps;
}

/** True when the run only has to end what is open, and to close the referral. */
export function isOver(run: ReferralRun): boolean {
  return isStopped(run) || run.closing !== undefined || run.isSearchOver || run.failure !== undefined;
}

/** Offers whose end is not claimed. */
export function openOffers(run: ReferralRun): Offer[] {
  return [...run.offers.values()].filter(({ end }) => end === undefined);
}

/** True when the referral has reached a final stage. */
export function isClosed(run: ReferralRun): boolean {
  return run.latest !== undefined && finalStages.has(run.latest.stage);
}

/**
 * Runs an activity. Meanwhile timeouts and a withdrawal wait, and validators refuse other updates as `busy`. A refusal by
 * the activity reaches the caller of the update unchanged.
 */
export async function whileBusy<T>(run: ReferralRun, activity: () => Promise<T>): Promise<T> {
  run.busy = true;
  try {
    return await activity().catch(rethrowRefusal);
  } finally {
    run.busy = false;
  }
}

/** Applies an activity's result: shows the new stage and sends the pending notices. */
export function apply(run: ReferralRun, latest: ReferralState): void {
  show(run, latest);
  void run.notifier.send(latest.notices);
}

/** Shows the referral in Temporal as an activity left it, if that changes anything: a look that finds nobody does not. */
export function show(run: ReferralRun, latest: ReferralState): void {
  run.latest = latest;
  const number = isClosed(run) ? undefined : [...run.offers.values()].at(-1)?.number;
  const { stage, since, causes, waitingUntil } = latest;
  const shown = JSON.stringify([stage, since, causes, waitingUntil, number]);
  if (shown === run.shown) return;
  run.shown = shown;
  showReferral(latest, number);
}
