import type { Client } from '@temporalio/client';
import { type ListenerOptions, startListener } from '../../runtime/pg-listener.ts';
import type { CapacityLimits } from '../../store/agents/serving.ts';
import type { Database } from '../../store/database/connection.ts';
import { claimDueMessages, deleteMessages, type OutboxRow, postponeMessages } from '../../store/outbox.ts';
import { type Loop, startLoop } from '../loops/loop.ts';
import { dispatch, workflowIdOf } from './dispatch.ts';
import { type FailureLog, reasonOf } from './process-each.ts';

/** The number of messages claimed at a time, and of workflows called at once. */
const page = { size: 200, atOnce: 20 } as const;

export interface RelayDeps {
  db: Database;
  temporal: Client;
  /** The queue that the workers poll. */
  taskQueue: string;
  policy: CapacityLimits;
  log: FailureLog;
}

/**
 * Starts and signals workflows for one page of the outbox. A message is deleted only after Temporal has accepted it,
 * so it may be delivered twice, which is harmless (docs/architecture.md, rules 4 and 6). A stop leaves the remaining
 * messages in the outbox.
 * @returns the number of messages claimed; a full page means that there may be more
 */
export async function relayPage(
  { db, temporal, taskQueue, policy: limits, log }: RelayDeps,
  stopping: AbortSignal,
): Promise<{ claimed: number; isFull: boolean }> {
  return db.transaction().execute(async (tx) => {
    const rows = await claimDueMessages(tx, page.size);
    const done: number[] = [];
    const later: number[] = [];
    const relayInOrder = async (ofOneWorkflow: readonly OutboxRow[]) => {
      for (const row of ofOneWorkflow) {
        if (stopping.aborted) return;
        try {
          // outside this transaction: one failing statement would end it for the whole page
          await dispatch({ db, temporal, taskQueue, limits }, row);
          done.push(row.id);
        } catch (error) {
          later.push(row.id);
          const values = { type: row.type, tries: row.tries, reason: reasonOf(error) };
          log.warn(values, 'Outbox message failed, will retry');
        }
      }
    };
    const groups = groupByWorkflow(rows);
    for (let at = 0; at < groups.length; at += page.atOnce) {
      await Promise.all(groups.slice(at, at + page.atOnce).map(relayInOrder));
    }
    await deleteMessages(tx, done);
    await postponeMessages(tx, later);
    return { claimed: rows.length, isFull: rows.length === page.size };
  });
}

/** Groups messages by workflow, so that those of one workflow stay in order: its start before its signals. */
function groupByWorkflow(rows: readonly OutboxRow[]): OutboxRow[][] {
  const groups = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const id = workflowIdOf(row);
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return [...groups.values()];
}

/**
 * Drains the outbox after each commit that announces a message (NOTIFY), and on a slow tick for messages that were
 * postponed or whose announcement was lost. Keeps running while Postgres or Temporal is down, or cannot be listened to.
 * @param tickMs the longest wait between two passes
 */
export function startRelay(
  deps: RelayDeps & Pick<ListenerOptions, 'log'>,
  { databaseUrl, tickMs }: { databaseUrl: string; tickMs: number },
): Pick<Loop, 'stop'> {
  const { wake, stop } = startLoop({
    beginPass: () => (stopping) => relayPage(deps, stopping),
    tickMs,
    log: deps.log,
    failureMessage: 'Outbox not readable, will retry',
  });
  const listener = startListener({
    databaseUrl,
    name: 'help-on-demand relay',
    channels: { outbox: wake },
    onListening: wake,
    log: deps.log,
  });
  return {
    async stop() {
      await Promise.all([listener.stop(), stop()]);
    },
  };
}
