import type { Database } from '../store/database.ts';
import { deleteUnconfirmed } from '../store/unconfirmed.ts';
import { type Loop, startLoop } from './loop.ts';

/** How many rows are deleted in one transaction. */
const pageSize = 200;

export interface TidyDeps {
  db: Database;
  log: { warn: (values: object, message: string) => void };
}

/**
 * Deletes what is kept no longer: requests that nobody confirmed.
 * @param tickMs how long it waits between two looks
 */
export function startTidyLoop({ db, log }: TidyDeps, { tickMs }: { tickMs: number }): Loop {
  const page = () =>
    db.transaction().execute(async (tx) => {
      const deleted = await deleteUnconfirmed(tx, { at: new Date(), limit: pageSize });
      return { isFull: deleted === pageSize };
    });
  return startLoop({
    page,
    tickMs,
    log,
    failed: 'What is kept no longer cannot be deleted; it is tried again.',
  });
}
