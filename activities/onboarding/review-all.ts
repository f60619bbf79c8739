import { Context } from '@temporalio/activity';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { type OnboardingRecord, readFactsOfMany } from '../../store/onboarding/facts.ts';
import { openOnboardingsAfter } from '../../store/onboarding/onboardings.ts';
import { wakeOnboardingsOf } from '../../store/outbox.ts';

/** Counts of a review of everyone. */
export interface ReviewAllResult {
  reviewed: number;
  /** Onboardings whose row differs from what the facts give. */
  woken: number;
}

interface Progress extends ReviewAllResult {
  /** The last onboarding that was reviewed; undefined before the first. */
  after?: OnboardingId;
}

export type ReviewActivities = ReturnType<typeof createReviewActivities>;

/** Creates the review of every open onboarding. `pageSize` onboardings are read at a time, in four queries. */
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
     * Compares the row of every open onboarding with its facts and wakes the workflows of those that differ. The
     * workflow then decides and writes. Each page is a transaction and a heartbeat, so that a worker that takes over
     * continues after the last page. A page that is processed twice wakes twice, which changes nothing.
     */
    reviewAll: async ({ at }: { at: string }): Promise<ReviewAllResult> => {
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
    const records = await readFactsOfMany(tx, keys, policy);
    const changed = records.filter((record) => isChanged(record, now));
    const keysOfChanged = changed.map(({ row: { npn, planYear } }) => ({ npn, planYear }));
    await wakeOnboardingsOf(tx, keysOfChanged);
    return { keys, woken: changed.length };
  }

  /** Logs facts that cannot be evaluated, so that one onboarding does not stop the review of the others. */
  function isChanged(record: OnboardingRecord, now: Date): boolean {
    try {
      return needsReview(record, now);
    } catch (error) {
      const { npn, planYear } = record.row;
      const reason = error instanceof Error ? error.name : 'unknown';
      log.warn({ npn, planYear, reason }, 'Onboarding facts not evaluated, review continues');
      return false;
    }
  }
}

/** Returns whether an onboarding's row differs from what its facts give, or has a pending step. */
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
