import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { OnboardingActivities } from '../activities/onboarding.ts';
import type { Review } from '../activities/settle.ts';
import { marketplaceTimeZone } from '../domain/calendar.ts';
import { sentencesIn } from '../domain/catalog/catalog.ts';
import { refuse, rethrowRefusal } from '../domain/failures.ts';
import { finalStages, type OnboardingStage } from '../domain/stages.ts';
import { factsChanged, type OnboardingId, register } from './messages.ts';
import { standingAttributes } from './search-attributes.ts';
import { createTeller } from './tell.ts';
import { hasCome, now, waitFor } from './wait.ts';

const deeds = proxyActivities<OnboardingActivities>({
  // one short transaction; a database that is away for longer is tried again
  startToCloseTimeout: '30 seconds',
  // without limit: the facts stay true and the deed stays due however long Postgres is away
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

interface Run {
  standing: Review | undefined;
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
  const teller = createTeller();

  setHandler(factsChanged, () => {
    run.stale = true;
  });

  setHandler(
    register,
    async ({ registrationRequestId }) => {
      run.busy = true;
      try {
        const deed = { npn, planYear, registrationRequestId, at: now() };
        const standing = await deeds.completeRegistration(deed).catch(rethrowRefusal);
        take(standing);
        return { stage: standing.stage };
      } finally {
        run.busy = false;
      }
    },
    { validator: (_registration) => mustBeInTime() },
  );

  while (!isOver(run.standing)) {
    await review();
    await act();
    await untilItChanges();
  }
  await condition(() => allHandlersFinished() && teller.isDone());
  return run.standing.stage;

  async function review(): Promise<void> {
    await condition(() => !run.busy);
    run.stale = false;
    take(await deeds.reviewOnboarding({ npn, planYear, at: now() }));
  }

  async function act(): Promise<void> {
    while (run.standing?.due && !run.stale) {
      await condition(() => !run.busy);
      const at = now();
      switch (run.standing.due) {
        case 'invite':
          take(await deeds.inviteAgent({ npn, planYear, at }));
          break;
        case 'remind-of-link':
          take(await deeds.remindOfLink({ npn, planYear, at }));
          break;
        case 'remind-of-terms':
          take(await deeds.remindOfTerms({ npn, planYear, at }));
          break;
      }
    }
  }

  /** Waits for a fact, or for the instant at which the answer changes by itself. */
  async function untilItChanges(): Promise<void> {
    const standing = run.standing as Review;
    if (finalStages.has(standing.stage)) return;
    await waitFor(() => run.stale || run.standing !== standing, {
      until: standing.nextChangeAt,
      summary: words.workflow.wait.onboarding({
        stage: standing?.stage ?? 'awaiting-eligibility',
        ...moment(),
      }),
    });
    if (workflowInfo().continueAsNewSuggested) await startAfresh();
  }

  /** Takes over where the agent stands now, tells what is to be told and shows it to ops. */
  function take(standing: Review): void {
    const before = run.standing;
    run.standing = standing;
    void tell(standing);
    if (before && before.stage === standing.stage && before.nextChangeAt === standing.nextChangeAt) return;
    upsertSearchAttributes(standingAttributes({ ...standing, waitingUntil: standing.nextChangeAt }));
    setCurrentDetails(words.onboardingStage[standing.stage].ops(moment()));
  }

  async function tell({ notices }: Review): Promise<void> {
    const told = await teller.tell(notices);
    // a refused invitation is undeliverable: that is a new fact
    if (told.includes('refused')) run.stale = true;
  }

  /** An update is refused here, before it leaves a trace, when its time is over (rule 2). */
  function mustBeInTime(): void {
    const expiresAt = run.standing?.linkExpiresAt;
    if (!expiresAt) refuse('invitation-ended', 'There is no invitation to register with.', { npn, planYear });
    if (hasCome(expiresAt)) refuse('invitation-expired', 'The invitation has expired.', { at: expiresAt });
    if (run.busy) refuse('not-allowed-now', 'Another registration with this link is being taken in.', {});
  }

  async function startAfresh(): Promise<void> {
    await condition(() => allHandlersFinished() && teller.isDone());
    await continueAsNew<typeof onboarding>({ npn, planYear });
  }

  function moment() {
    const { causes = [], nextChangeAt, linkExpiresAt } = run.standing ?? {};
    return {
      causes,
      nextChangeAt: nextChangeAt ? new Date(nextChangeAt) : null,
      linkExpiresAt: linkExpiresAt ? new Date(linkExpiresAt) : null,
      when: { now: new Date(), timeZone: marketplaceTimeZone },
    };
  }
}

function isOver(standing: Review | undefined): standing is Review {
  return standing !== undefined && finalStages.has(standing.stage);
}
