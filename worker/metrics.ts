import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type FindingKind, findingKinds } from '../domain/ops/audit.ts';
import type { Policy } from '../domain/policy.ts';
import type { Metrics } from '../runtime/internal-server.ts';
import type { Database } from '../store/database/connection.ts';
import {
  type DeletionBacklog,
  type RetentionKind,
  readDeletionBacklog,
  retentionKinds,
} from '../store/ops/retention.ts';
import { readServiceGauges } from '../store/ops/service-gauges.ts';

/** How long the deletion backlog is kept, in milliseconds: it reads every table that grows, and changes by the day. */
const backlogKeptMs = 5 * 60_000;

/**
 * Metrics of the service, read from Postgres at each scrape, and of this process. Every worker reports the same service
 * metrics: alarms take their maximum, not their sum.
 */
export function createWorkerMetrics(db: Database, policy: Pick<Policy, 'agentKeptAfterEndMs'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `help_on_demand_${name}`, help, labelNames, registers: [registry] });
  const findings = gauge('audit_findings_open', 'Open findings of the audit.', ['finding']);
  const lastAudit = gauge(
    'audit_last_run_age_seconds',
    'Seconds since the last finished audit; +Inf if none has finished.',
  );
  const waiting = gauge('outbox_waiting', 'Messages waiting in the outbox.');
  const oldest = gauge(
    'outbox_oldest_age_seconds',
    'Age of the oldest message in the outbox that is not one of many from a feed or a review; 0 if there is none.',
  );
  const oldestBulk = gauge(
    'outbox_bulk_oldest_age_seconds',
    'Age of the oldest message in the outbox that is one of many from a feed or a review; 0 if there is none.',
  );
  const pending = gauge('deliveries_pending', 'Messages that no provider has accepted yet.');
  const oldestPending = gauge(
    'deliveries_pending_oldest_age_seconds',
    'Age of the oldest such message; 0 if there is none.',
  );
  const pastDeletion = gauge('past_deletion_rows', 'Rows that should have been deleted by now.', ['kind']);
  const pastDeletionAge = gauge(
    'past_deletion_oldest_age_seconds',
    'How long the oldest such row is overdue for deletion; 0 if there is none.',
    ['kind'],
  );
  const failing = gauge(
    'activities_failing',
    'Activities that fail again and again although nothing is out.',
  );
  const problems = gauge(
    'problem_reports_open',
    'Problems with agents, reported by consumers, that nobody has reviewed.',
  );
  const replies = gauge('unclear_replies_open', 'Unclear replies to texts that nobody has decided about.');

  let backlog: { at: number; of: Record<RetentionKind, DeletionBacklog> } | undefined;
  const readBacklog = async () => {
    if (!backlog || Date.now() - backlog.at >= backlogKeptMs)
      backlog = { at: Date.now(), of: await readDeletionBacklog(db, policy) };
    return backlog.of;
  };

  return {
    contentType: registry.contentType,
    async text() {
      const { openFindings, lastAuditSeconds, outbox, deliveries, failingActivities, undecided } =
        await readServiceGauges(db);
      const past = await readBacklog();
      for (const finding of Object.keys(findingKinds) as FindingKind[])
        findings.set({ finding }, openFindings.get(finding) ?? 0);
      // an alarm on the age must also fire where the audit never ran
      lastAudit.set(lastAuditSeconds ?? Number.POSITIVE_INFINITY);
      waiting.set(outbox.waiting);
      oldest.set(outbox.oldestSeconds);
      oldestBulk.set(outbox.oldestBulkSeconds);
      pending.set(deliveries.pending);
      oldestPending.set(deliveries.oldestSeconds);
      for (const kind of retentionKinds) {
        pastDeletion.set({ kind }, past[kind].count);
        pastDeletionAge.set({ kind }, past[kind].oldestSeconds);
      }
      failing.set(failingActivities);
      problems.set(undecided.problems);
      replies.set(undecided.unclearReplies);
      return registry.metrics();
    },
  };
}
