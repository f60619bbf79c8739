import { setImmediate as nextTurn } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { isInvitationRequested } from '../../domain/onboarding/pending-step.ts';
import { standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database } from '../../store/database/connection.ts';
import { subjectId } from '../../store/events.ts';
import { type OnboardingRecord, readFactsOfMany } from '../../store/onboarding/facts.ts';
import { chooseGroups, onboardingsToCompare, saveComparison } from '../../store/onboarding/review-groups.ts';
import { findPendingWakes, wakeOnboardingsOf } from '../../store/outbox.ts';

/** Counts of one run. */
export interface ReviewAllResult {
  /** Onboardings that were compared with their facts. */
  reviewed: number;
  /** Onboardings whose row differs from what the facts give. */
  woken: number;
}

interface Progress extends ReviewAllResult {
  groups: string[];
  rules: string;
  /** The last onboarding of the last page; undefined before the first. */
  after?: OnboardingId | undefined;
}

export interface ReviewDeps {
  db: Database;
  policy: Policy;
  log: { warn: (values: object, message: string) => void };
  /** Version of the rules: of the code that computes a standing, and of the policy. */
  rules: string;
}

/** Time within which a workflow acts at the instant of its next change: many can have the same one. */
const lateAfterMs = 10 * 60_000;

export type ReviewActivities = ReturnType<typeof createReviewActivities>;

/** Creates the scheduled review of all agents. `pageSize` onboardings are read at a time, in at most seven queries. */
export function createReviewActivities({
  db,
  policy,
  log,
  rules,
  pageSize,
}: ReviewDeps & { pageSize: number }) {
  return {
    /**
     * Compares onboardings with their facts and wakes the workflows of those that differ. The workflow then decides and
     * writes. A run looks at some groups of agents and at whatever is overdue; after a change of the rules it looks at
     * all. Each page is a heartbeat, so that a worker that takes over continues after the last page. A page that is
     * processed twice wakes once more at most, which changes nothing.
     */
    reviewAll: async ({ at }: { at: string }): Promise<ReviewAllResult> => {
      const { info, cancellationSignal, heartbeat } = Context.current();
      const before: Progress | undefined = info.heartbeatDetails;
      let progress: Progress =
        // an attempt by other rules has compared nothing for these
        before?.rules === rules
          ? before
          : { groups: await chooseGroups(db, rules), rules, reviewed: 0, woken: 0 };
      for (;;) {
        cancellationSignal.throwIfAborted();
        const page = await reviewPage(new Date(at), progress);
        progress = {
          ...progress,
          reviewed: progress.reviewed + page.reviewed,
          woken: progress.woken + page.woken,
          after: page.keys.at(-1) ?? progress.after,
        };
        heartbeat(progress);
        if (page.keys.length < pageSize) break;
      }
      const { groups, reviewed, woken } = progress;
      await saveComparison(db, { groups, rules, at: new Date(at) });
      return { reviewed, woken };
    },
  };

  async function reviewPage(now: Date, { groups, after }: Progress) {
    const late = new Date(now.getTime() - lateAfterMs);
    const { keys, records } = await db.transaction().execute(async (tx) => {
      const page = await onboardingsToCompare(tx, { groups, late, after, limit: pageSize });
      const waiting = await findPendingWakes(tx, page.map(idOf));
      // those whose start or wake waits in the outbox are reviewed anyway
      const toCompare = page.filter((key) => !waiting.has(idOf(key)));
      return { keys: page, records: await readFactsOfMany(tx, toCompare, policy) };
    });
    const changed: OnboardingId[] = [];
    for (const record of records) {
      if (isChanged(record, now)) changed.push({ npn: record.row.npn, planYear: record.row.planYear });
      // computing the standings of a page takes a second, in which the worker has other work
      await nextTurn();
    }
    await wakeOnboardingsOf(db, changed);
    return { keys, reviewed: records.length, woken: changed.length };
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

const idOf = ({ npn, planYear }: OnboardingId) => subjectId({ kind: 'onboarding', npn, planYear });

/**
 * Returns whether an onboarding's row differs from what its facts give, or has a pending step. An invitation that nobody
 * asked for can wait its turn for hours, in every onboarding at once, and is no reason: its workflow knows of it.
 */
function needsReview({ row, facts, serving }: OnboardingRecord, now: Date): boolean {
  const { stage, causes, states, pendingStep, nextChangeAt } = standingAt(now, facts);
  const waitsItsTurn = pendingStep === 'invite' && !isInvitationRequested(facts);
  return (
    !row.reviewedAt ||
    (pendingStep !== undefined && !waitsItsTurn) ||
    row.stage !== stage ||
    row.nextChangeAt?.getTime() !== nextChangeAt?.getTime() ||
    row.causes.join() !== causes.join() ||
    serving.join() !== states.toSorted().join()
  );
}
