import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { refusalOf } from '../domain/failures.ts';
import { priorityOf, type WorkClass } from '../domain/priority.ts';
import { activityLimits } from '../domain/time-limits.ts';
import type { Instant } from './messages.ts';

/** Options of a short transaction as an ordinary activity. */
export const transactionOptions = {
  // one short transaction; a database that is unavailable for longer is tried again
  startToCloseTimeout: activityLimits.transactionMs,
  // without limit: a person waits for the result, and a decision that was made must be recorded
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
} as const;

/** Each is given the instant of the workflow, by which the worker knows how late it is (`worker/lateness-interceptor.ts`). */
type Transactions<A> = {
  [Name in keyof A]: A[Name] extends (about: infer About) => Promise<unknown>
    ? About extends { at: Instant }
      ? A[Name]
      : never
    : never;
};

/**
 * Returns activities of one short transaction each, which run inside the workflow task, as local activities: nothing has to
 * be scheduled, dispatched and answered for them. What fails there, or is not over at once, is tried again as an ordinary
 * activity, without limit: an outage of Postgres holds no workflow task, fills no history, and ops see the activity pending
 * (docs/decisions/0068-transactions-inside-the-workflow-task.md). A refusal is an answer and reaches the caller.
 *
 * A worker that dies after the transaction and before its workflow task is recorded has the task run again, at a later
 * instant: the transaction must then find what it did.
 */
export function proxyTransactions<A extends Transactions<A>>(work: WorkClass): A {
  const local = proxyLocalActivities<A>({
    startToCloseTimeout: activityLimits.localTransactionMs,
    retry: { maximumAttempts: 1 },
  });
  const ordinary = proxyActivities<A>({
    ...transactionOptions,
    priority: priorityOf(work),
  });
  const byName = local as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const again = ordinary as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return new Proxy({} as A, {
    get:
      (_none, name: string) =>
      async (...args: unknown[]) => {
        try {
          return await byName[name]?.(...args);
        } catch (error) {
          if (refusalOf(error)) throw error;
          return again[name]?.(...args);
        }
      },
  });
}
