import {
  allHandlersFinished,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { PhoneActivities } from '../activities/agents/phones.ts';
import type { LicenseActivities } from '../activities/onboarding/licenses.ts';
import type { OnboardingActivities } from '../activities/onboarding/onboarding.ts';
import type { OnboardingState } from '../activities/onboarding/review-onboarding.ts';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import { priorityOf } from '../domain/priority.ts';
import { finalStages } from '../domain/stages.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../domain/time/marketplace-calendar.ts';
import { activityLimits } from '../domain/time-limits.ts';
import { bulkTaskQueueOf } from './messages.ts';
import { createNotifier } from './notifier.ts';
import { stageAttributes } from './search-attributes.ts';

const options = {
  // one short transaction; a database that is unavailable for longer is tried again
  startToCloseTimeout: activityLimits.transactionMs,
  // without limit: the step stays due however long Postgres is unavailable
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;

export const activities = proxyActivities<Omit<OnboardingActivities, 'completeRegistration'>>({
  ...options,
  priority: priorityOf('review'),
});

export const registrations = proxyActivities<Pick<OnboardingActivities, 'completeRegistration'>>({
  ...options,
  // the agent waits for the page that follows
  priority: priorityOf('answer'),
});

/**
 * Returns the step that a feed can make due for every agent at once. It waits its turn in the queue of bulk mail, behind
 * mail about links that exist, so that an invitation is issued when its mail can be sent, and its 48 hours begin then.
 */
export const stepsInTurn = () =>
  proxyActivities<Pick<OnboardingActivities, 'inviteAgent'>>({
    ...options,
    taskQueue: bulkTaskQueueOf(workflowInfo().taskQueue),
    priority: priorityOf('bulk', 'inviteAgent'),
  });

export const lookups = proxyActivities<LicenseActivities & PhoneActivities>({
  priority: priorityOf('review'),
  // a registry or a provider answers within seconds; on an outage the activity returns and the lookup is due again later
  startToCloseTimeout: activityLimits.lookupMs,
  // without limit, as above: a retry here only has to record what was found
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** State of one run of the onboarding workflow. */
export interface OnboardingRun {
  id: OnboardingId;
  notifier: ReturnType<typeof createNotifier>;
  /** The standing as the last activity left it. */
  standing: OnboardingState | undefined;
  /** A fact may have changed since the standing was computed. */
  stale: boolean;
  /** A registration is being completed; reviews and pending steps wait for it. */
  busy: boolean;
  /** The invitation that nobody asked for, from the time at which it is due until its turn has come. */
  invitation: Promise<OnboardingState> | undefined;
}

/** Creates the state at the start of a run. */
export function createOnboardingRun(id: OnboardingId): OnboardingRun {
  return {
    id,
    notifier: createNotifier(),
    standing: undefined,
    stale: true,
    busy: false,
    invitation: undefined,
  };
}

/** True when the onboarding has reached a final stage. */
export function isClosed(run: OnboardingRun): boolean {
  return run.standing !== undefined && finalStages.has(run.standing.stage);
}

/** True while an invitation waits its turn. */
export function hasTurnPending(run: OnboardingRun): boolean {
  return run.invitation !== undefined;
}

/** True when no update waits for its answer and no notice is being sent, so that the run may end. */
export function isIdle(run: OnboardingRun): boolean {
  return allHandlersFinished() && run.notifier.isDone();
}

/** Applies an activity's result. If another result came in meanwhile, this one may be the older: review again. */
export async function apply(run: OnboardingRun, result: Promise<OnboardingState>): Promise<OnboardingState> {
  const before = run.standing;
  const standing = await result;
  if (run.standing !== before) run.stale = true;
  setStanding(run, standing);
  return standing;
}

/** Records the agent's new standing, sends the pending notices and shows the stage to ops. */
function setStanding(run: OnboardingRun, standing: OnboardingState): void {
  const before = run.standing;
  run.standing = standing;
  void sendNotices(run, standing);
  if (before && summaryKey(before) === summaryKey(standing)) return;
  upsertSearchAttributes(stageAttributes({ ...standing, waitingUntil: standing.nextChangeAt }));
  setCurrentDetails(sentencesIn('en').onboardingStage[standing.stage].ops(summaryData(standing)));
}

async function sendNotices(run: OnboardingRun, { notices }: OnboardingState): Promise<void> {
  const outcomes = await run.notifier.send(notices);
  // a refused invitation is undeliverable, which is a new fact
  if (outcomes.includes('refused')) run.stale = true;
}

/** Compares standings by what ops see of them. */
function summaryKey({ stage, causes, nextChangeAt }: OnboardingState): string {
  return JSON.stringify([stage, causes, nextChangeAt]);
}

/** Summary of what the run waits for, as Temporal shows it beside the timer. */
export function waitSummary(standing: OnboardingState): string {
  return sentencesIn('en').workflow.wait.onboarding({ stage: standing.stage, ...summaryData(standing) });
}

function summaryData({ causes, nextChangeAt, linkExpiresAt, retryAt }: OnboardingState) {
  return {
    causes,
    nextChangeAt: nextChangeAt ? new Date(nextChangeAt) : null,
    linkExpiresAt: linkExpiresAt ? new Date(linkExpiresAt) : null,
    retryAt: retryAt ? new Date(retryAt) : null,
    when: { now: new Date(), timeZone: marketplaceTimeZone },
  };
}
