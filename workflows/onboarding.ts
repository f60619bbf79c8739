import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { PhoneActivities } from '../activities/agents/phones.ts';
import type { LicenseActivities } from '../activities/onboarding/licenses.ts';
import type { OnboardingActivities } from '../activities/onboarding/onboarding.ts';
import type { OnboardingState } from '../activities/onboarding/review-onboarding.ts';
import { refuse, rethrowRefusal } from '../domain/failures.ts';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import { finalStages, type OnboardingStage } from '../domain/stages.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../domain/time/marketplace-calendar.ts';
import { factsChanged, register } from './messages.ts';
import { createNotifier } from './notifier.ts';
import { stageAttributes } from './search-attributes.ts';
import { hasPassed, now, waitFor } from './wait.ts';

const activities = proxyActivities<OnboardingActivities>({
  // one short transaction; a database that is unavailable for longer is tried again
  startToCloseTimeout: '30 seconds',
  // without limit: the step stays due however long Postgres is unavailable
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

const lookups = proxyActivities<LicenseActivities & PhoneActivities>({
  // a registry or a provider answers within seconds; on an outage the activity returns and the lookup is due again later
  startToCloseTimeout: '1 minute',
  // without limit, as above: a retry here only has to record what was found
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

interface OnboardingRun {
  standing: OnboardingState | undefined;
  /** A fact may have changed since the standing was computed. */
  stale: boolean;
  /** A registration is being completed; reviews and pending steps wait for it. */
  busy: boolean;
}

/**
 * Onboards one agent for one plan year, from the first evidence to the day on which the registration lapses: waits for
 * eligibility, invites with a link that expires after 48 hours, completes the registration, waits for two sets of terms,
 * and keeps the standing of the active agent current.
 *
 * Reviews the facts, does what the stage calls for, waits for a change, and reviews again.
 */
export async function onboarding({ npn, planYear }: OnboardingId): Promise<OnboardingStage> {
  const run: OnboardingRun = { standing: undefined, stale: true, busy: false };
  const words = sentencesIn('en');
  const notifier = createNotifier();

  setHandler(factsChanged, () => {
    run.stale = true;
  });

  setHandler(
    register,
    async ({ registrationRequestId }) => {
      run.busy = true;
      try {
        const registration = { npn, planYear, registrationRequestId, at: now() };
        const { stage } = await apply(activities.completeRegistration(registration).catch(rethrowRefusal));
        return { stage };
      } finally {
        run.busy = false;
      }
    },
    { validator: (_registration) => mustBeOpenForRegistration() },
  );

  for (;;) {
    while (!hasEnded(run.standing)) {
      await review();
      await doPendingSteps();
      await waitForChange();
    }
    await condition(() => run.stale || isFinished());
    if (!run.stale) return run.standing.stage;
    // reopened while a last notice was being sent: this run continues with the reopened onboarding
    if (patched('opened-anew')) await review();
    else {
      await condition(isFinished);
      return run.standing.stage;
    }
  }

  function isFinished(): boolean {
    return allHandlersFinished() && notifier.isDone();
  }

  async function review(): Promise<void> {
    await condition(() => !run.busy);
    run.stale = false;
    await apply(activities.reviewOnboarding({ npn, planYear, at: now() }));
  }

  async function doPendingSteps(): Promise<void> {
    while (run.standing?.due && !run.stale) {
      await condition(() => !run.busy);
      const at = now();
      switch (run.standing.due) {
        case 'invite':
          await apply(activities.inviteAgent({ npn, planYear, at }));
          break;
        case 'remind-of-link':
          await apply(activities.remindOfLink({ npn, planYear, at }));
          break;
        case 'remind-of-terms':
          await apply(activities.remindOfTerms({ npn, planYear, at }));
          break;
        case 'explain-lateness':
          await apply(activities.explainLateness({ npn, planYear, at }));
          break;
        case 'warn-of-end':
          await apply(activities.warnOfEnd({ npn, planYear, at }));
          break;
        case 'look-up-license':
          await apply(lookups.lookUpLicense({ npn, planYear, at }));
          break;
        case 'check-phone':
          await apply(lookups.checkPhone({ npn, planYear, at }));
          break;
      }
    }
  }

  /** Waits for a fact, or for the instant at which the standing changes by itself. */
  async function waitForChange(): Promise<void> {
    const standing = run.standing as OnboardingState;
    if (finalStages.has(standing.stage)) return;
    await waitFor(() => run.stale || run.standing !== standing, {
      until: standing.nextChangeAt,
      summary: words.workflow.wait.onboarding({
        stage: standing?.stage ?? 'awaiting-eligibility',
        ...moment(),
      }),
    });
    await continueAsNewIfLong();
  }

  /** Applies an activity's result. If another result came in meanwhile, this one may be the older: review again. */
  async function apply(result: Promise<OnboardingState>): Promise<OnboardingState> {
    const before = run.standing;
    const standing = await result;
    if (run.standing !== before) run.stale = true;
    setStanding(standing);
    return standing;
  }

  /** Records the agent's new standing, sends the pending notices and shows the stage to ops. */
  function setStanding(standing: OnboardingState): void {
    const before = run.standing;
    run.standing = standing;
    void sendNotices(standing);
    if (before && summaryKey(before) === summaryKey(standing)) return;
    upsertSearchAttributes(stageAttributes({ ...standing, waitingUntil: standing.nextChangeAt }));
    setCurrentDetails(words.onboardingStage[standing.stage].ops(moment()));
  }

  async function sendNotices({ notices }: OnboardingState): Promise<void> {
    const outcomes = await notifier.send(notices);
    // a refused invitation is undeliverable, which is a new fact
    if (outcomes.includes('refused')) run.stale = true;
  }

  /** Refuses a late registration before the update enters the history (docs/architecture.md, rule 2). */
  function mustBeOpenForRegistration(): void {
    if (run.busy) refuse('registration-busy', 'Another registration with this link is being completed.', {});
    // before the first review of this run the activity itself decides
    if (!run.standing) return;
    const expiresAt = run.standing.linkExpiresAt;
    if (!expiresAt) refuse('invitation-ended', 'There is no invitation to register with.', { npn, planYear });
    if (hasPassed(expiresAt)) refuse('invitation-expired', 'The invitation has expired.', { at: expiresAt });
  }

  /** Continues as new between two reviews, unless an update waits for its answer or a notice is being sent. */
  async function continueAsNewIfLong(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    if (allHandlersFinished() && notifier.isDone()) await continueAsNew<typeof onboarding>({ npn, planYear });
  }

  function moment() {
    const { causes = [], nextChangeAt, linkExpiresAt, retryAt } = run.standing ?? {};
    return {
      causes,
      nextChangeAt: nextChangeAt ? new Date(nextChangeAt) : null,
      linkExpiresAt: linkExpiresAt ? new Date(linkExpiresAt) : null,
      retryAt: retryAt ? new Date(retryAt) : null,
      when: { now: new Date(), timeZone: marketplaceTimeZone },
    };
  }
}

/** Compares standings by what ops see of them. */
function summaryKey({ stage, causes, nextChangeAt }: OnboardingState): string {
  return JSON.stringify([stage, causes, nextChangeAt]);
}

function hasEnded(standing: OnboardingState | undefined): standing is OnboardingState {
  return standing !== undefined && finalStages.has(standing.stage);
}
