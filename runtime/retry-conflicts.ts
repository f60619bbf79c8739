import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { conflictRetryMs } from '../domain/time-limits.ts';

/** SQLSTATEs of a transaction that may be retried: deadlock detected, serialization failure. */
const conflictCodes: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** Attempts in all, and the longest wait before the second one; the wait doubles before each further attempt. */
const limits = { tries: 4, waitMs: 50 } as const;

/** Returns whether Postgres aborted a transaction because of a conflict with another one, so that nothing was written. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && conflictCodes.has(error.code);
}

/**
 * Retries every transaction of a database that Postgres aborts because of a conflict. Its work may therefore run more
 * than once, and must have no effect outside the transaction. After a few attempts, or some seconds, the conflict is thrown.
 */
export function retryConflicts<DB>(db: Kysely<DB>): Kysely<DB> {
  const begin = db.transaction.bind(db);
  db.transaction = () => {
    const transaction = begin();
    const runOnce = transaction.execute.bind(transaction);
    transaction.execute = (work) => retryUntilDone(() => runOnce(work));
    return transaction;
  };
  return db;
}

async function retryUntilDone<T>(run: () => Promise<T>): Promise<T> {
  const lastBeginAt = performance.now() + conflictRetryMs;
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      const isLast = tried === limits.tries || performance.now() > lastBeginAt;
      if (!isConflict(error) || isLast) throw error;
      // a random wait, so that the same two transactions do not conflict again
      await sleep(Math.random() * limits.waitMs * 2 ** (tried - 1));
    }
  }
}
