import type { Database } from '../store/database.ts';
import { deleteSpentLimits } from '../store/rate-limits.ts';
import { deleteUnconfirmed } from '../store/unconfirmed.ts';
import { type Loop, startLoop } from './loop.ts';

export interface TidyDeps {
  db: Database;
  log: { warn: (values: object, message: string) => void };
}

/**
 * Deletes what is kept no longer: requests that nobody confirmed, and counts of limits whose window is over.
 * @param tickMs how long it waits between two looks
 */
export function startTidyLoop({ db, log }: TidyDeps, { tickMs }: { tickMs: number }): Loop {
  return startLoop({
    page: () => tidyPage(db, { at: new Date() }),
    tickMs,
    log,
    failed: 'What is kept no longer cannot be deleted; it is tried again.',
  });
}

/**
 * Deletes one page of what is over at an instant, in one transaction.
 * @param limit the most rows of a kind
 */
export function tidyPage(
  db: Database,
  { at, limit = 200 }: { at: Date; limit?: number },
): Promise<{ isFull: boolean }> {
  return db.transaction().execute(async (tx) => {
    const unconfirmed = await deleteUnconfirmed(tx, { at, limit });
    const limits = await deleteSpentLimits(tx, { at, limit });
    return { isFull: unconfirmed === limit || limits === limit };
  });
}
