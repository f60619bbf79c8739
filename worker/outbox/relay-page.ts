import type { Client } from '@temporalio/client';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import type { Database } from '../../store/database/connection.ts';
import {
  deleteMessages,
  leaseMessages,
  type OutboxRow,
  postponeMessages,
  releaseMessages,
} from '../../store/outbox.ts';
import { callTemporal, isUnanswered } from './call-temporal.ts';
import { dispatch } from './dispatch.ts';
import { type FailureLog, reasonOf } from './process-each.ts';

export interface RelayDeps {
  db: Database;
  temporal: Client;
  /** The queue that the workers poll. */
  taskQueue: string;
  policy: CapacityLimits;
  log: FailureLog;
}

/** Workflows that are called at once. In bulk few are, so that a slow call shows others' work and not its own. */
const atOnce = { bulk: 4, others: 20 } as const;
/** Milliseconds until another relay takes a message over: a killed relay delays its messages by no more. */
const leaseMs = 10_000;
/** Milliseconds for one message. None is begun that could end after its lease, and then reach Temporal behind a later one. */
const callMs = 3_000;
/**
 * Calls in a row without an answer after which Temporal is away: one of its shards alone would fail fewer. A bulk page calls
 * so few at once that its lease leaves time for three each.
 */
const unansweredInARow = { bulk: 3 * atOnce.bulk, others: atOnce.others } as const;

/**
 * Starts and signals workflows for one page of the outbox: leases it, calls Temporal while no transaction is open, and
 * deletes what Temporal has accepted. So a message may be delivered twice, which is harmless (docs/architecture.md, rules
 * 4 and 6). One that fails is postponed; what a stop or the end of the lease leaves is given back.
 * @returns the number of messages leased; a full page, or one that was not finished, means that there may be more;
 * `medianMs` is what one message took, undefined if none was delivered
 * @throws an error named `TemporalAway` when no call is answered: the relay waits, and its messages with it
 */
export async function relayPage(
  deps: RelayDeps,
  { bulk, size }: { bulk: boolean; size: number },
  stopping: AbortSignal,
): Promise<{ leased: number; isFull: boolean; medianMs: number | undefined }> {
  const lastBegin = Date.now() + leaseMs - callMs;
  const rows = await leaseMessages(deps.db, { bulk, limit: size, leaseMs });
  const delivered: OutboxRow[] = [];
  const failures = new Map<OutboxRow, unknown>();
  let unanswered = 0;
  const kind = bulk ? 'bulk' : 'others';
  const isSilent = () => unanswered >= unansweredInARow[kind];
  const isOver = () => stopping.aborted || isSilent() || Date.now() > lastBegin;

  const durations: number[] = [];
  const deliver = async (row: OutboxRow) => {
    const startedAt = performance.now();
    try {
      await callTemporal(deps.temporal, { withinMs: callMs, stopping }, () =>
        // outside any transaction: one failing statement would end it for the whole page
        dispatch({ ...deps, limits: deps.policy }, row),
      );
      delivered.push(row);
      durations.push(performance.now() - startedAt);
      unanswered = 0;
    } catch (error) {
      // whether a call that a stop has ended reached Temporal is not known
      if (stopping.aborted) return;
      failures.set(row, error);
      unanswered = isUnanswered(error) ? unanswered + 1 : 0;
    }
  };
  const workflows = groupBySubject(rows).values();
  const deliverInOrder = async () => {
    for (const ofOneWorkflow of workflows)
      for (const row of ofOneWorkflow) {
        if (isOver()) return;
        await deliver(row);
      }
  };
  await Promise.all(Array.from({ length: atOnce[kind] }, deliverInOrder));
  const isAway = isSilent();
  await recordDeliveries(deps, { rows, delivered, failed: isAway ? new Map() : failures });
  if (isAway) throw Object.assign(new Error('Temporal answers no call'), { name: 'TemporalAway' });
  const isLeft = delivered.length + failures.size < rows.length;
  const medianMs = durations.toSorted((one, other) => one - other)[Math.floor(durations.length / 2)];
  return { leased: rows.length, isFull: rows.length === size || isLeft, medianMs };
}

/** Writes what became of a page: one statement, or up to four where some failed or were left. */
async function recordDeliveries(
  { db, log }: Pick<RelayDeps, 'db' | 'log'>,
  page: { rows: readonly OutboxRow[]; delivered: readonly OutboxRow[]; failed: Map<OutboxRow, unknown> },
): Promise<void> {
  const { rows, delivered, failed } = page;
  for (const [{ type, tries }, error] of failed)
    log.warn({ type, tries, reason: reasonOf(error) }, 'Outbox message failed, will retry');
  await deleteMessages(db, delivered);
  const isSilent = ([, error]: [OutboxRow, unknown]) => isUnanswered(error);
  const [silent, refused] = [[...failed].filter(isSilent), [...failed].filter((one) => !isSilent(one))];
  // Temporal may answer again any moment
  await postponeMessages(
    db,
    silent.map(([row]) => row),
    { maxSeconds: 10 },
  );
  await postponeMessages(
    db,
    refused.map(([row]) => row),
    { maxSeconds: 60 },
  );
  const done = new Set([...delivered, ...failed.keys()]);
  await releaseMessages(
    db,
    rows.filter((row) => !done.has(row)),
  );
}

/** Groups messages by workflow, so that those of one workflow stay in order: its start before its signals. */
function groupBySubject(rows: readonly OutboxRow[]): OutboxRow[][] {
  const groups = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const key = row.subject ?? `${row.id}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}
