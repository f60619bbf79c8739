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
  // one short transaction; a database that is away for longer is tried again
  startToCloseTimeout: '30 seconds',
  // without limit: the facts stay true and the deed stays due however long Postgres is away
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

const lookups = proxyActivities<LicenseActivities & PhoneActivities>({
  // a registry or a provider answers within seconds; its outage ends the deed, which then is due again later
  startToCloseTimeout: '1 minute',
  // without limit, as above: what is tried again here is writing down what was found
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

interface Run {
  standing: OnboardingState | undefined;
  /** Something may have changed since the standing was computed. */
  stale: boolean;
  /** A registration is being taken in; the clock waits for it. */
  busy: boolean;
}

/**
 * One agent's way aboard for one plan year, from the evidence to the day the registration lapses: eligibility,
 * an invitation whose link dies after 48 hours, registration, two sets of terms, active.
 */
export async function onboarding({ npn, planYear }: OnboardingId): Promise<OnboardingStage> {
  const run: Run = { standing: undefined, stale: true, busy: false };
  const words = sentencesIn('en');
  const teller = createNotifier();

  setHandler(factsChanged, () => {
    run.stale = true;
  });

  setHandler(
    register,
    async ({ registrationRequestId }) => {
      run.busy = true;
      try {
        const deed = { npn, planYear, registrationRequestId, at: now() };
        const { stage } = await takeFrom(activities.completeRegistration(deed).catch(rethrowRefusal));
        return { stage };
      } finally {
        run.busy = false;
      }
    },
    { validator: (_registration) => mustBeInTime() },
  );

  for (;;) {
    while (!hasEnded(run.standing)) {
      await review();
      await act();
      await untilItChanges();
    }
    await condition(() => run.stale || isFinished());
    if (!run.stale) return run.standing.stage;
    // opened anew while a last message is on its way: this run goes on with it
    if (patched('opened-anew')) await review();
    else {
      await condition(isFinished);
      return run.standing.stage;
    }
  }

  function isFinished(): boolean {
    return allHandlersFinished() && teller.isDone();
  }

  async function review(): Promise<void> {
    await condition(() => !run.busy);
    run.stale = false;
    await takeFrom(activities.reviewOnboarding({ npn, planYear, at: now() }));
  }

  async function act(): Promise<void> {
    while (run.standing?.due && !run.stale) {
      await condition(() => !run.busy);
      const at = now();
      switch (run.standing.due) {
        case 'invite':
          await takeFrom(activities.inviteAgent({ npn, planYear, at }));
          break;
        case 'remind-of-link':
          await takeFrom(activities.remindOfLink({ npn, planYear, at }));
          break;
        case 'remind-of-terms':
          await takeFrom(activities.remindOfTerms({ npn, planYear, at }));
          break;
        case 'explain-lateness':
          await takeFrom(activities.explainLateness({ npn, planYear, at }));
          break;
        case 'warn-of-end':
          await takeFrom(activities.warnOfEnd({ npn, planYear, at }));
          break;
        case 'look-up-license':
          await takeFrom(lookups.lookUpLicense({ npn, planYear, at }));
          break;
        case 'check-phone':
          await takeFrom(lookups.checkPhone({ npn, planYear, at }));
          break;
      }
    }
  }

  /** Waits for a fact, or for the instant at which the answer changes by itself. */
  async function untilItChanges(): Promise<void> {
    const standing = run.standing as OnboardingState;
    if (finalStages.has(standing.stage)) return;
    await waitFor(() => run.stale || run.standing !== standing, {
      until: standing.nextChangeAt,
      summary: words.workflow.wait.onboarding({
        stage: standing?.stage ?? 'awaiting-eligibility',
        ...moment(),
      }),
    });
    await startAfreshIfLong();
  }

  /** Takes over a deed's answer. If another deed was answered meanwhile, this may be the older one: look again. */
  async function takeFrom(deed: Promise<OnboardingState>): Promise<OnboardingState> {
    const before = run.standing;
    const standing = await deed;
    if (run.standing !== before) run.stale = true;
    take(standing);
    return standing;
  }

  /** Takes over where the agent stands now, tells what is to be told and shows it to ops. */
  function take(standing: OnboardingState): void {
    const before = run.standing;
    run.standing = standing;
    void tell(standing);
    if (before && summaryKey(before) === summaryKey(standing)) return;
    upsertSearchAttributes(stageAttributes({ ...standing, waitingUntil: standing.nextChangeAt }));
    setCurrentDetails(words.onboardingStage[standing.stage].ops(moment()));
  }

  async function tell({ notices }: OnboardingState): Promise<void> {
    const told = await teller.tell(notices);
    // a refused invitation is undeliverable: that is a new fact
    if (told.includes('refused')) run.stale = true;
  }

  /** An update is refused here, before it leaves a trace, when its time is over (rule 2). */
  function mustBeInTime(): void {
    if (run.busy) refuse('registration-busy', 'Another registration with this link is being taken in.', {});
    // just begun, or begun afresh: the deed itself decides
    if (!run.standing) return;
    const expiresAt = run.standing.linkExpiresAt;
    if (!expiresAt) refuse('invitation-ended', 'There is no invitation to register with.', { npn, planYear });
    if (hasPassed(expiresAt)) refuse('invitation-expired', 'The invitation has expired.', { at: expiresAt });
  }

  /** Between two reviews; not while somebody waits for an answer or a message is on its way: there is a next time. */
  async function startAfreshIfLong(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    if (allHandlersFinished() && teller.isDone()) await continueAsNew<typeof onboarding>({ npn, planYear });
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

/** What ops see of a standing. */
function summaryKey({ stage, causes, nextChangeAt }: OnboardingState): string {
  return JSON.stringify([stage, causes, nextChangeAt]);
}

function hasEnded(standing: OnboardingState | undefined): standing is OnboardingState {
  return standing !== undefined && finalStages.has(standing.stage);
}
