import { Context } from '@temporalio/activity';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { type OnboardingRecord, readFactsOfMany } from '../../store/onboarding/facts.ts';
import { openOnboardingsAfter, wakeOnboardingsOf } from '../../store/onboarding/onboardings.ts';

/** How far a review of everyone has come. */
export interface ReviewEveryoneResult {
  reviewed: number;
  /** Onboardings whose row says something else than the facts do. */
  woken: number;
}

interface Progress extends ReviewEveryoneResult {
  /** The last onboarding that was looked at; undefined before the first. */
  after?: OnboardingId;
}

export type ReviewActivities = ReturnType<typeof createReviewActivities>;

/** The look at every open onboarding. `pageSize`: how many are read at a time, each page in four queries. */
export function createReviewActivities({
  db,
  policy,
  log,
  pageSize,
}: {
  db: Database;
  policy: Policy;
  log: { warn: (values: object, message: string) => void };
  pageSize: number;
}) {
  return {
    /**
     * Holds every open onboarding's row against the facts and wakes the stories of those that differ: the story
     * itself decides and writes. Each page is a transaction and a heartbeat, so that whoever takes over after an
     * interruption goes on from the last page; a page that is looked at twice wakes twice, which changes nothing.
     */
    reviewEveryone: async ({ at }: { at: string }): Promise<ReviewEveryoneResult> => {
      const { info, cancellationSignal, heartbeat } = Context.current();
      let progress: Progress = info.heartbeatDetails ?? { reviewed: 0, woken: 0 };
      for (;;) {
        cancellationSignal.throwIfAborted();
        const { keys, woken } = await db
          .transaction()
          .execute((tx) => reviewPage(tx, new Date(at), progress.after));
        progress = {
          reviewed: progress.reviewed + keys.length,
          woken: progress.woken + woken,
          after: keys.at(-1) ?? progress.after,
        };
        heartbeat(progress);
        if (keys.length < pageSize) return { reviewed: progress.reviewed, woken: progress.woken };
      }
    },
  };

  async function reviewPage(tx: Tx, now: Date, after: OnboardingId | undefined) {
    const keys = await openOnboardingsAfter(tx, after, pageSize);
    const changed = (await readFactsOfMany(tx, keys, policy)).filter((known) => seemsDifferent(known, now));
    await wakeOnboardingsOf(
      tx,
      changed.map(({ row }) => row),
    );
    return { keys, woken: changed.length };
  }

  /** Facts that cannot be judged keep nobody else from being reviewed; they are logged, and looked at the next time. */
  function seemsDifferent(known: OnboardingRecord, now: Date): boolean {
    try {
      return needsReview(known, now);
    } catch (error) {
      const { npn, planYear } = known.row;
      const reason = error instanceof Error ? error.name : 'unknown';
      log.warn({ npn, planYear, reason }, 'The facts of an onboarding cannot be judged; the review goes on.');
      return false;
    }
  }
}

/** Whether an onboarding's row says something else than its facts do, or something is due that nobody has done. */
function needsReview({ row, facts, serving }: OnboardingRecord, now: Date): boolean {
  const { stage, causes, states, pendingStep, nextChangeAt } = standingAt(now, facts);
  return (
    !row.reviewedAt ||
    pendingStep !== undefined ||
    row.stage !== stage ||
    row.nextChangeAt?.getTime() !== nextChangeAt?.getTime() ||
    row.causes.join() !== causes.join() ||
    serving.join() !== states.toSorted().join()
  );
}
