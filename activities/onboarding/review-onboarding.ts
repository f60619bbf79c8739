import { refuse } from '../../domain/failures.ts';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { invitationStatus } from '../../domain/onboarding/invitation.ts';
import { nextInvitationAt } from '../../domain/onboarding/next-action.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { isInvitationRequested, type PendingStep } from '../../domain/onboarding/pending-step.ts';
import type { OnboardingCause } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { pendingNotices } from '../../store/notifications/pending-notices.ts';
import { type Review, reviewOnboarding } from '../../store/onboarding/review.ts';
import { instantsOf } from '../instants.ts';

/** The state of an onboarding as its workflow knows it: stages, causes and instants (ISO text). */
export interface OnboardingState {
  stage: OnboardingStage;
  since: string;
  causes: OnboardingCause[];
  states: string[];
  pendingStep: PendingStep | undefined;
  /** Whether somebody asked for the invitation that is due, and waits for it. */
  isInvitationRequested: boolean;
  nextChangeAt: string | undefined;
  /** End of the live invitation; undefined if there is none. */
  linkExpiresAt: string | undefined;
  /** The next automatic invitation after one that failed at a good address. */
  retryAt: string | undefined;
  /** Pending notices, which no provider has accepted yet. */
  notices: NoticeToSend[];
}

/** Dependencies of a transaction of an onboarding. */
export interface ReviewDeps {
  db: Database;
  policy: Policy;
  now: () => Date;
}

/**
 * Reviews an onboarding, changes it, and reviews it again if `change` returns that it changed something, all in one
 * transaction at one instant, that of the transaction. So the row agrees with the facts that an activity changed, and
 * after an outage with the day on which it is over.
 */
export function changeAndReview(
  { db, policy, now }: ReviewDeps,
  key: OnboardingId & { at: string },
  change: (tx: Tx, at: Date, before: Review) => Promise<boolean>,
): Promise<OnboardingState> {
  return db.transaction().execute(async (tx) => {
    const { recordedAt: at } = instantsOf(key.at, now);
    const before = await mustReview(tx, { key, at, policy });
    const after = (await change(tx, at, before)) ? await mustReview(tx, { key, at, policy }) : before;
    return toState(tx, after, at);
  });
}

/**
 * Changes an onboarding by what a person did: `change` gets the review of the instant at which they did it, which decides
 * whether it was in time, however long an outage kept it from being recorded. The review that follows is of today.
 */
export function changeInTimeAndReview(
  { db, policy, now }: ReviewDeps,
  key: OnboardingId & { at: string },
  change: (tx: Tx, at: Date, before: Review) => Promise<unknown>,
): Promise<OnboardingState> {
  return db.transaction().execute(async (tx) => {
    const { at, recordedAt } = instantsOf(key.at, now);
    await change(tx, at, await mustReview(tx, { key, at, policy }));
    return toState(tx, await mustReview(tx, { key, at: recordedAt, policy }), recordedAt);
  });
}

async function mustReview(tx: Tx, about: { key: OnboardingId; at: Date; policy: Policy }): Promise<Review> {
  const { npn, planYear } = about.key;
  return (
    (await reviewOnboarding(tx, about)) ??
    refuse('not-found', 'There is no such onboarding.', { npn, planYear })
  );
}

async function toState(tx: Tx, { row, facts, standing }: Review, at: Date): Promise<OnboardingState> {
  const { stage, causes, states, pendingStep, nextChangeAt } = standing;
  return {
    stage,
    since: row.since.toISOString(),
    causes,
    states,
    pendingStep,
    isInvitationRequested: isInvitationRequested(facts),
    nextChangeAt: nextChangeAt?.toISOString(),
    linkExpiresAt: linkExpiryOf(facts, at)?.toISOString(),
    retryAt: nextInvitationAt(stage, facts)?.toISOString(),
    notices: await pendingNotices(tx, row),
  };
}

/** Returned even while the agent is ineligible; `completeRegistration` reports ineligibility separately. */
function linkExpiryOf({ invitation }: OnboardingFacts, at: Date): Date | undefined {
  return invitation && invitationStatus(invitation, at) === 'live' ? invitation.expiresAt : undefined;
}
