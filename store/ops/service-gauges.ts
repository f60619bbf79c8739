import { type Expression, sql } from 'kysely';
import type { FindingKind } from '../../domain/ops/audit.ts';
import type { Tx } from '../database/connection.ts';

/** Gauges of the audit, the outbox and the work of ops. Ages are in seconds, by the database's clock. */
export interface ServiceGauges {
  /** Open findings of the audit by kind; kinds without any are missing. */
  openFindings: ReadonlyMap<FindingKind, number>;
  /** Seconds since the last finished audit; undefined: there was none. */
  lastAuditSeconds: number | undefined;
  outbox: {
    waiting: number;
    /** Age of the oldest waiting message that is not in bulk; 0 if none waits. */
    oldestSeconds: number;
    /** The same of messages in bulk. */
    oldestBulkSeconds: number;
  };
  /** Activities that fail again and again. */
  failingActivities: number;
  deliveries: {
    /** Messages that no provider has accepted yet. */
    pending: number;
    /** Age of the oldest of them; 0 if there is none. */
    oldestSeconds: number;
  };
  /** Items that wait for a decision of ops. */
  undecided: {
    /** Problems with agents that consumers reported and ops have not handled. */
    problems: number;
    /** Replies to texts that could not be understood. */
    unclearReplies: number;
  };
}

/** Reads counts and ages, no personal data. Negative ages, which clock differences can cause, become 0. */
export async function readServiceGauges(tx: Tx): Promise<ServiceGauges> {
  const findings = await tx
    .selectFrom('auditFindings')
    .select((row) => ['kind', row.fn.countAll<number>().as('count')])
    .where('resolvedAt', 'is', null)
    .groupBy('kind')
    .execute();
  const audit = await tx
    .selectFrom('auditRuns')
    .select((row) => secondsSince(row.fn.max('endedAt')).as('seconds'))
    .executeTakeFirstOrThrow();
  const outbox = await tx
    .selectFrom('outbox')
    .select((row) => [
      row.fn.countAll<number>().as('waiting'),
      // a feed's messages rightly wait while the workers are busy
      secondsSince(row.fn.min('createdAt').filterWhere('bulk', '=', false)).as('oldestSeconds'),
      secondsSince(row.fn.min('createdAt').filterWhere('bulk', '=', true)).as('oldestBulkSeconds'),
    ])
    .executeTakeFirstOrThrow();
  const failing = await tx
    .selectFrom('activityFailures')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const deliveries = await tx
    .selectFrom('deliveries')
    .select((row) => [
      row.fn.countAll<number>().as('pending'),
      secondsSince(row.fn.min('changedAt')).as('oldestSeconds'),
    ])
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  const undecided = await tx
    .selectNoFrom((row) => [
      row
        .selectFrom('problemReports')
        .select(row.fn.countAll<number>().as('count'))
        .where('handledAt', 'is', null)
        .as('problems'),
      row
        .selectFrom('textOptOuts')
        .select(row.fn.countAll<number>().as('count'))
        .where('stoppedBy', '=', 'unclear-reply')
        .as('unclearReplies'),
    ])
    .executeTakeFirstOrThrow();
  return {
    undecided: {
      problems: undecided.problems ?? 0,
      unclearReplies: undecided.unclearReplies ?? 0,
    },
    failingActivities: failing.count,
    openFindings: new Map(findings.map(({ kind, count }) => [kind as FindingKind, count])),
    lastAuditSeconds: audit.seconds === null ? undefined : Math.max(0, audit.seconds),
    deliveries: {
      pending: deliveries.pending,
      oldestSeconds: Math.max(0, deliveries.oldestSeconds ?? 0),
    },
    outbox: {
      waiting: outbox.waiting,
      oldestSeconds: Math.max(0, outbox.oldestSeconds ?? 0),
      oldestBulkSeconds: Math.max(0, outbox.oldestBulkSeconds ?? 0),
    },
  };
}

const secondsSince = (instant: Expression<unknown>) =>
  sql<number | null>`extract(epoch from now() - ${instant})::double precision`;
