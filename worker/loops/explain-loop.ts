import type { Database } from '../../store/database/connection.ts';
import {
  explainDecision,
  explainDecisions,
  readUnexplainedDecisions,
} from '../../store/matching/match-decisions.ts';
import { type FailureLog, processEach } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

/** How many decisions are explained in one transaction: each reads all agents of a state. */
const pageSize = 10;

interface ExplainDeps {
  db: Database;
  log: FailureLog;
}

/**
 * Explains the decisions of matching some seconds after they were made, beside the cascades, which never wait for it.
 * @param tickMs how long it waits between two looks
 */
export function startExplainLoop(deps: ExplainDeps, { tickMs }: { tickMs: number }): Loop {
  let failed = new Set<string>();
  return startLoop({
    begin: () => {
      failed = new Set();
    },
    processPage: () => explainPage(deps, { at: new Date(), failed }),
    tickMs,
    log: deps.log,
    failureMessage: 'Decisions cannot be explained; it is tried again.',
  });
}

/**
 * Explains a page of decisions in one transaction; once one of them has failed, each alone, so that it stops no other.
 * @param failed decisions that failed in this look; those that fail now come to it
 */
export async function explainPage(
  { db, log }: ExplainDeps,
  { at, failed }: { at: Date; failed: Set<string> },
): Promise<{ isFull: boolean }> {
  const atOnce = () => db.transaction().execute((tx) => explainDecisions(tx, { at, limit: pageSize }));
  // what has failed already is among them still
  const explained = failed.size === 0 ? await atOnce().catch(() => undefined) : undefined;
  if (explained !== undefined) return { isFull: explained === pageSize };
  const ids = await readUnexplainedDecisions(db, { except: failed, limit: pageSize });
  const work = (id: string) => db.transaction().execute((tx) => explainDecision(tx, { id, at }));
  const message = 'A decision cannot be explained; it is tried again.';
  const failedBefore = failed.size;
  const done = await processEach(ids, { work, failed, log, message });
  return { isFull: ids.length === pageSize && done + failed.size > failedBefore };
}
