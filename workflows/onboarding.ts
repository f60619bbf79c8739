import { condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { OnboardingInput } from '../activities/onboarding/onboarding.ts';
import type { OnboardingState } from '../activities/onboarding/review-onboarding.ts';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import type { OnboardingStage } from '../domain/stages.ts';
import {
  activities,
  apply,
  createOnboardingRun,
  hasTurnPending,
  isClosed,
  isIdle,
  lookups,
  type OnboardingRun,
  stepsInTurn,
  waitSummary,
} from './onboarding-run.ts';
import { setMessageHandlers } from './onboarding-updates.ts';
import { isPatched } from './patches.ts';
import { hasPassed, now, waitFor } from './wait.ts';

/**
 * Onboards one agent for one plan year, from the first evidence to the day on which the registration lapses: waits for
 * eligibility, invites with a link that expires after 48 hours, completes the registration, waits for two sets of terms,
 * and keeps the standing of the active agent current.
 *
 * Reviews the facts, does what the stage calls for, waits for a change, and reviews again.
 */
export async function onboarding({ npn, planYear }: OnboardingId): Promise<OnboardingStage> {
  const run = createOnboardingRun({ npn, planYear });
  setMessageHandlers(run);
  for (;;) {
    while (!isClosed(run)) {
      if (isReviewDue(run)) await review(run);
      await doPendingSteps(run);
      await waitForChange(run);
      await continueAsNewIfLong(run);
    }
    await condition(() => run.stale || isIdle(run));
    if (!run.stale) return (run.standing as OnboardingState).stage;
    // reopened while a last notice was being sent: this run continues with the reopened onboarding
    await review(run);
  }
}

/** True when a fact may have changed, or the instant of the next change has come. Otherwise an activity has just reviewed. */
function isReviewDue({ stale, standing }: OnboardingRun): boolean {
  return stale || hasPassed(standing?.nextChangeAt) || !isPatched('no-review-after-registration');
}

async function review(run: OnboardingRun): Promise<void> {
  await condition(() => !run.busy);
  run.stale = false;
  await apply(run, activities.reviewOnboarding({ ...run.id, at: now() }));
}

/** Does what the stage calls for, one step at a time; each step answers with the standing that follows. */
async function doPendingSteps(run: OnboardingRun): Promise<void> {
  while (run.standing?.pendingStep && !run.stale) {
    await condition(() => !run.busy);
    const step = { ...run.id, at: now() };
    switch (run.standing.pendingStep) {
      case 'invite':
        // who asked for it waits for it; otherwise a feed can make it due for every agent at once
        if (run.standing.isInvitationRequested) await apply(run, activities.inviteAgent(step));
        else await inviteInTurn(run, step);
        break;
      case 'remind-of-invitation':
        await apply(run, activities.remindOfInvitation(step));
        break;
      case 'remind-of-terms':
        await apply(run, activities.remindOfTerms(step));
        break;
      case 'explain-delay':
        await apply(run, activities.explainDelay(step));
        break;
      case 'warn-of-expiration':
        await apply(run, activities.warnOfExpiration(step));
        break;
      case 'look-up-license':
        await apply(run, lookups.lookUpLicense(step));
        break;
      case 'check-phone':
        await apply(run, lookups.checkPhone(step));
        break;
    }
  }
}

/**
 * Waits until the invitation was issued in its turn, which can take hours, or until a fact or the clock calls for a review.
 * The turn is kept meanwhile; when it comes and no invitation is due any more, nothing happens.
 */
async function inviteInTurn(run: OnboardingRun, step: OnboardingInput): Promise<void> {
  run.invitation ??= apply(run, stepsInTurn().inviteAgent(step)).finally(() => {
    run.invitation = undefined;
  });
  await Promise.race([run.invitation, waitForChange(run)]);
  if (hasTurnPending(run)) run.stale = true;
}

/** Waits for a fact, or for the instant at which the standing changes by itself. */
async function waitForChange(run: OnboardingRun): Promise<void> {
  if (isClosed(run)) return;
  const standing = run.standing as OnboardingState;
  await waitFor(() => run.stale || run.standing !== standing, {
    until: standing.nextChangeAt,
    summary: waitSummary(standing),
  });
}

/**
 * Continues as new between two reviews, unless an update waits for its answer, a notice is being sent, or an invitation
 * waits its turn, which a new run would have to wait for from the end of the queue.
 */
async function continueAsNewIfLong(run: OnboardingRun): Promise<void> {
  if (isClosed(run) || hasTurnPending(run) || !isIdle(run)) return;
  if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof onboarding>(run.id);
}
