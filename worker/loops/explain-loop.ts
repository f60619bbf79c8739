import type { Database } from '../../store/database/connection.ts';
import {
  explainDecision,
  explainDecisions,
  readUnexplainedDecisions,
} from '../../store/matching/match-decisions.ts';
import { type FailureLog, processEach } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

/** Decisions explained in one transaction. Small, because each reads all agents of a state. */
const pageSize = 10;

interface ExplainDeps {
  db: Database;
  log: FailureLog;
}

/**
 * Explains matching decisions a few seconds after they were made. Cascades never wait for it.
 * @param tickMs milliseconds between two passes
 */
export function startExplainLoop(deps: ExplainDeps, { tickMs }: { tickMs: number }): Loop {
  return startLoop({
    beginPass: () => {
      const failed = new Set<string>();
      return (stopping) => explainPage(deps, { at: new Date(), failed, stopping });
    },
    tickMs,
    log: deps.log,
    failureMessage: 'Decision explanation loop failed, will retry',
  });
}

/**
 * Explains a page of decisions in one transaction. After a failure it explains each alone, so that one does not stop
 * the others.
 * @param failed decisions that failed in this pass; those that fail now are added
 */
export async function explainPage(
  { db, log }: ExplainDeps,
  { at, failed, stopping }: { at: Date; failed: Set<string>; stopping: AbortSignal },
): Promise<{ isFull: boolean }> {
  const explainTogether = () =>
    db.transaction().execute((tx) => explainDecisions(tx, { at, limit: pageSize }));
  // a decision that failed earlier in this pass would be on the page again
  const explained = failed.size === 0 ? await explainTogether().catch(() => undefined) : undefined;
  if (explained !== undefined) return { isFull: explained === pageSize };
  const ids = await readUnexplainedDecisions(db, { except: failed, limit: pageSize });
  const work = (id: string) => db.transaction().execute((tx) => explainDecision(tx, { id, at }));
  const message = 'Decision not explained, will retry';
  const failedBefore = failed.size;
  const done = await processEach(ids, { work, failed, log, message, stopping });
  return { isFull: ids.length === pageSize && done + failed.size > failedBefore };
}
