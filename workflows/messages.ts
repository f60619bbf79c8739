import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import type { DeclineReason } from '../domain/referrals/offer.ts';
import type { Outcome, OutcomeReason } from '../domain/referrals/referral.ts';
import type { OnboardingStage, ReferralStage } from '../domain/stages.ts';

/** Instants travel as ISO 8601 text in UTC. Nothing here holds personal data (rule 9). */
export type Instant = string;

/** The task queue that every worker of this service polls; tests have queues of their own. */
export const taskQueue = 'help-on-demand';

export interface ReferralId {
  referralId: string;
}

/** Workflow ids: one process per agent and plan year, one per referral, for ever (rule 4). */
export const onboardingWorkflowId = ({ npn, planYear }: OnboardingId) => `onboarding-${npn}-${planYear}`;
export const referralWorkflowId = ({ referralId }: ReferralId) => `referral-${referralId}`;
export const noticeWorkflowId = ({ noticeId }: { noticeId: string }) => `notice-${noticeId}`;

/** To an onboarding: a fact about this agent has changed; look again. */
export const factsChanged = defineSignal('factsChanged');

/** To an onboarding: take in the registration that was typed in; answered before the link's deadline or refused. */
export const register = defineUpdate<{ stage: OnboardingStage }, [{ registrationRequestId: string }]>(
  'register',
);

/** To a referral that waits: a place may have become free; look again. */
export const lookAgain = defineSignal('lookAgain');

/** To a referral: the agent of this offer may no longer help; ignored for any other offer than the open one. */
export const rescind = defineSignal<[{ offerId: string }]>('rescind');

/** To a referral, by ops: it ends, whatever runs. */
export const close = defineSignal('close');

/** To a referral, by the consumer: the consent is taken back, so it ends as withdrawn, whatever runs. */
export const consentRescinded = defineSignal('consentRescinded');

/** To a referral: every channel of this offer has refused it since; ignored once it is answered or over. */
export const unreachable = defineSignal<[{ offerId: string }]>('unreachable');

/** To a referral, by the agent of the open offer, before its deadline. */
export const accept = defineUpdate<{ acceptedAt: Instant }, [{ offerId: string }]>('accept');
export const decline = defineUpdate<{ endedAt: Instant }, [{ offerId: string; reason: DeclineReason }]>(
  'decline',
);

/** To a referral, by the agent who accepted it: what came of it so far. */
export const reportOutcome = defineUpdate<
  { stage: ReferralStage; since: Instant },
  [
    {
      offerId: string;
      outcome: Outcome;
      reason?: OutcomeReason;
      until?: string;
      attempts?: number;
      /** Which command of the agent's it is: the same one again is the same report. */
      reportId?: string;
    },
  ]
>('reportOutcome');

/** To a referral, by the consumer: whether the agent who accepted has called. */
export const confirmContact = defineUpdate<
  { stage: ReferralStage; since: Instant },
  [{ offerId: string; called: boolean }]
>('confirmContact');

/** To a referral, by the consumer, once: another agent, please. */
export const askAnother = defineUpdate<{ stage: ReferralStage; since: Instant }, [{ offerId: string }]>(
  'askAnother',
);

/** To a referral, by the consumer, at any moment. */
export const withdraw = defineUpdate<{ stage: ReferralStage; since: Instant }>('withdraw');
