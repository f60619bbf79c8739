import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';

/** What Postgres undoes and asks to be tried again: a deadlock that it broke, a serialization that failed. */
const conflictCodes: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** How often in all, and how long before the second time at the most; twice as long before each further one. */
const limits = { tries: 4, waitMs: 50 } as const;

/** Whether Postgres ended a transaction so that another one could go on: nothing of it was written. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && conflictCodes.has(error.code);
}

/**
 * Makes every transaction of a database one that is tried again when Postgres ends it for another's sake. Nothing of it
 * was written then, so that it begins anew with what the other left; its work may run more than once, and touches nothing
 * but the transaction. Whoever waits is not told of it; after a few tries the conflict is thrown.
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
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isConflict(error) || tried === limits.tries) throw error;
      // two that met must not meet again
      await sleep(Math.random() * limits.waitMs * 2 ** (tried - 1));
    }
  }
}
