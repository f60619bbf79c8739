import type { Database } from '../store/database.ts';
import { explainDecisions } from '../store/match-decisions.ts';
import { type Loop, startLoop } from './loop.ts';

/** How many decisions are explained in one transaction: each reads all agents of a state. */
const pageSize = 10;

/**
 * Explains the decisions of matching some seconds after they were made, beside the cascades, which never wait for it.
 * @param tickMs how long it waits between two looks
 */
export function startExplainLoop(
  { db, log }: { db: Database; log: { warn: (values: object, message: string) => void } },
  { tickMs }: { tickMs: number },
): Loop {
  const page = () =>
    db.transaction().execute(async (tx) => {
      const explained = await explainDecisions(tx, { at: new Date(), limit: pageSize });
      return { isFull: explained === pageSize };
    });
  return startLoop({ page, tickMs, log, failed: 'Decisions cannot be explained; it is tried again.' });
}
