import { refuse } from '../../domain/failures.ts';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { invitationStatus } from '../../domain/onboarding/invitation.ts';
import { nextInvitationAt } from '../../domain/onboarding/next-action.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { PendingStep } from '../../domain/onboarding/pending-step.ts';
import type { OnboardingCause } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { pendingNotices } from '../../store/notifications/notices.ts';
import { type Review, reviewOnboarding } from '../../store/onboarding/review.ts';

/** The state of an onboarding as its workflow knows it: stages, causes and instants (ISO text). */
export interface OnboardingState {
  stage: OnboardingStage;
  since: string;
  causes: OnboardingCause[];
  states: string[];
  pendingStep: PendingStep | undefined;
  nextChangeAt: string | undefined;
  /** End of the live invitation; undefined if there is none. */
  linkExpiresAt: string | undefined;
  /** The next automatic invitation after one that failed at a good address. */
  retryAt: string | undefined;
  /** Pending notices, which no provider has accepted yet. */
  notices: NoticeToSend[];
}

/**
 * Reviews an onboarding, changes it, and reviews it again if `change` returns that it changed something, all in one
 * transaction. So the row agrees with the facts that an activity changed.
 */
export function changeAndReview(
  { db, policy }: { db: Database; policy: Policy },
  key: OnboardingId & { at: string },
  change: (tx: Tx, at: Date, before: Review) => Promise<boolean>,
): Promise<OnboardingState> {
  const at = new Date(key.at);
  return db.transaction().execute(async (tx) => {
    const before = await reviewOnboarding(tx, { key, at, policy });
    if (!before)
      refuse('not-found', 'There is no such onboarding.', { npn: key.npn, planYear: key.planYear });
    const after = (await change(tx, at, before)) ? await reviewOnboarding(tx, { key, at, policy }) : before;
    return toState(tx, after ?? before, at);
  });
}

async function toState(tx: Tx, { row, facts, standing }: Review, at: Date): Promise<OnboardingState> {
  const { stage, causes, states, pendingStep, nextChangeAt } = standing;
  return {
    stage,
    since: row.since.toISOString(),
    causes,
    states,
    pendingStep,
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
