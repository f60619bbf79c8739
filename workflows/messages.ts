import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import type { DeclineReason } from '../domain/referrals/offer.ts';
import type { ReportedOutcome } from '../domain/referrals/referral.ts';
import type { OnboardingStage, ReferralStage } from '../domain/stages.ts';

/** Instants travel as ISO 8601 text in UTC. No message holds personal data (docs/architecture.md, rule 9). */
export type Instant = string;

/** Task queue that every worker of this service polls; tests use queues of their own. */
export const taskQueue = 'help-on-demand';

/**
 * Returns the second task queue of a worker, for activities alone: bulk mail and the steps that cause it. Temporal limits
 * it to a share of the mail account's rate, over all workers (docs/architecture.md, rule 12).
 */
export const bulkTaskQueueOf = (queue: string) => `${queue}-bulk`;

/**
 * Format of the workflows: names on the wire and the course of the histories. A version of the service with another
 * format restarts the open workflows from their rows (`npm run upgrade`).
 */
export const workflowFormat = 5;

export interface ReferralId {
  referralId: string;
}

/** Workflow ids: one process per agent and plan year, one per referral (docs/architecture.md, rule 4). */
export const onboardingWorkflowId = ({ npn, planYear }: OnboardingId) => `onboarding-${npn}-${planYear}`;
export const referralWorkflowId = ({ referralId }: ReferralId) => `referral-${referralId}`;
export const noticeWorkflowId = ({ noticeId }: { noticeId: string }) => `notice-${noticeId}`;

/** What a workflow is about, by its id. */
export type WorkflowSubject = OnboardingId | ReferralId | { noticeId: string };

/** Returns what the workflow of an id is about; undefined for the runs of schedules. */
export function subjectOfWorkflowId(workflowId: string): WorkflowSubject | undefined {
  const [, npn, planYear] = /^onboarding-(\d+)-(\d{4})$/.exec(workflowId) ?? [];
  if (npn && planYear) return { npn, planYear: Number(planYear) };
  const [, kind, id] = /^(referral|notice)-([0-9a-f-]{36})$/.exec(workflowId) ?? [];
  if (!id) return undefined;
  return kind === 'referral' ? { referralId: id } : { noticeId: id };
}

/** To an onboarding: a fact about this agent has changed, so review again. */
export const factsChanged = defineSignal('factsChanged');

/** To an onboarding: complete the registration that the agent submitted; refused after the link's deadline. */
export const register = defineUpdate<{ stage: OnboardingStage }, [{ registrationRequestId: string }]>(
  'register',
);

/**
 * To a waiting referral: an agent may have free capacity, so match again. One that was queued when this was sent passes the
 * capacity on if it does not use it; for any other the sender has done so.
 */
export const matchAgain = defineSignal<[{ isQueued: boolean }]>('matchAgain');

/** To a referral: the agent of this offer may no longer help; ignored unless this offer is open. */
export const rescindOffer = defineSignal<[{ offerId: string }]>('rescindOffer');

/** To a referral, by ops: end it in any stage. */
export const closeByOps = defineSignal('closeByOps');

/** To a referral: the consumer took the consent back, so end it as withdrawn in any stage. */
export const consentRescinded = defineSignal('consentRescinded');

/** To a referral: every channel has refused this offer by now; ignored once the offer is answered or has ended. */
export const offerUnreachable = defineSignal<[{ offerId: string }]>('offerUnreachable');

/**
 * To a referral, by the agent of the open offer, before its deadline: accept or decline it. With `contactShown` the answer to the
 * agent shows them the consumer's contact; that of the workflow then says that this is on record.
 */
export const accept = defineUpdate<
  { acceptedAt: Instant; isOnRecord?: boolean },
  [{ offerId: string; contactShown?: boolean }]
>('accept');
export const decline = defineUpdate<{ endedAt: Instant }, [{ offerId: string; reason: DeclineReason }]>(
  'decline',
);

/** To a referral, by the agent who accepted it: the outcome so far. */
export const reportOutcome = defineUpdate<
  { stage: ReferralStage; since: Instant },
  [{ offerId: string } & ReportedOutcome]
>('reportOutcome');

/** To a referral, by the consumer: the agent who accepted has called, or has not. */
export const confirmContact = defineUpdate<
  { stage: ReferralStage; since: Instant },
  [{ offerId: string; called: boolean }]
>('confirmContact');

/** To a referral, by the consumer, once: replace the agent who accepted by another one. */
export const askAnother = defineUpdate<{ stage: ReferralStage; since: Instant }, [{ offerId: string }]>(
  'askAnother',
);

/** To a referral, by the consumer, in any stage: end it. */
export const withdraw = defineUpdate<{ stage: ReferralStage; since: Instant }>('withdraw');
