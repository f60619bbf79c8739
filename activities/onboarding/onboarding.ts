import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { PendingStep } from '../../domain/onboarding/pending-step.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import {
  explainDelay,
  inviteAgent,
  remindOfInvitation,
  remindOfTerms,
  warnOfExpiration,
} from '../../store/onboarding/pending-steps.ts';
import { registerAgent } from '../../store/onboarding/registration.ts';
import type { Review } from '../../store/onboarding/review.ts';
import {
  changeAndReview,
  changeInTimeAndReview,
  type OnboardingState,
  type ReviewDeps,
} from './review-onboarding.ts';

/** Dependencies of the onboarding activities. */
export interface OnboardingDeps extends ReviewDeps {
  linkSecret: string;
  keyring: Keyring;
}

/** Key and instant of an activity. `at` is the workflow's own time (ISO text). */
export type OnboardingInput = OnboardingId & { at: string };

export type OnboardingActivities = ReturnType<typeof createOnboardingActivities>;

type CarryOut = (tx: Tx, step: OnboardingId & { at: Date }, before: Review) => Promise<void>;

/**
 * Creates the activities of onboarding. Each is one idempotent transaction of a command and a review. An activity that is
 * retried after its commit finds nothing due and changes nothing; its notice is among the pending notices of the review
 * either way.
 */
export function createOnboardingActivities({ linkSecret, keyring, ...deps }: OnboardingDeps) {
  const { policy } = deps;
  const activityOf =
    (pendingStep: PendingStep, carryOut: CarryOut) =>
    (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(deps, key, async (tx, at, before) => {
        if (before.standing.pendingStep !== pendingStep) return false;
        await carryOut(tx, { ...key, at }, before);
        return true;
      });

  return {
    /** Computes the standing from the facts and saves it. */
    reviewOnboarding: (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(deps, key, async () => false),

    inviteAgent: activityOf('invite', (tx, step, before) =>
      inviteAgent(tx, step, before, { policy, linkSecret }),
    ),
    remindOfInvitation: activityOf('remind-of-invitation', remindOfInvitation),
    remindOfTerms: activityOf('remind-of-terms', remindOfTerms),
    explainDelay: activityOf('explain-delay', explainDelay),
    warnOfExpiration: activityOf('warn-of-expiration', warnOfExpiration),

    /**
     * Completes a registration that was in time when it was submitted. Called again with the same request it returns the
     * same result.
     * @throws the permanent refusals `invitation-expired`, `invitation-ended`, `not-eligible` and `username-taken`
     */
    completeRegistration: (
      key: OnboardingInput & { registrationRequestId: string },
    ): Promise<OnboardingState> =>
      changeInTimeAndReview(deps, key, (tx, at, { standing: { stage } }) =>
        registerAgent(tx, keyring, { ...key, at, stage, policy }),
      ),
  };
}
