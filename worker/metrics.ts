import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type FindingKind, findingKinds } from '../domain/ops/audit.ts';
import type { Metrics } from '../runtime/internal-server.ts';
import type { Database } from '../store/database/connection.ts';
import { readDeletionBacklog, retentionKinds } from '../store/ops/retention.ts';
import { readServiceGauges } from '../store/ops/service-gauges.ts';

/**
 * What an alarm of operations rests on, read from Postgres at each scrape, and the process's own figures. Every worker
 * says the same of the service: take the highest of them, not their sum.
 */
export function createWorkerMetrics(db: Database): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `help_on_demand_${name}`, help, labelNames, registers: [registry] });
  const findings = gauge('audit_findings_open', 'Open findings of the audit.', ['finding']);
  const lastAudit = gauge(
    'audit_last_run_age_seconds',
    'Seconds since an audit came to its end; +Inf where none has.',
  );
  const waiting = gauge('outbox_waiting', 'Deeds in the outbox that are not done.');
  const oldest = gauge(
    'outbox_oldest_age_seconds',
    'Age of the oldest deed in the outbox; 0 where it is empty.',
  );
  const pastDeletion = gauge('past_deletion_rows', 'Rows that should have been deleted by now.', ['kind']);
  const pastDeletionAge = gauge(
    'past_deletion_oldest_age_seconds',
    'How long the oldest of them should have been gone; 0 where there is none.',
    ['kind'],
  );
  const problems = gauge(
    'problem_reports_open',
    'Problems with agents that consumers reported and nobody has looked at.',
  );
  const replies = gauge('unclear_replies_open', 'Replies to texts that nobody understood or decided about.');

  return {
    contentType: registry.contentType,
    async text() {
      const { openFindings, lastAuditSeconds, outbox, undecided } = await readServiceGauges(db);
      const past = await readDeletionBacklog(db);
      for (const finding of Object.keys(findingKinds) as FindingKind[])
        findings.set({ finding }, openFindings.get(finding) ?? 0);
      // an alarm on the age has to ring where the audit never ran
      lastAudit.set(lastAuditSeconds ?? Number.POSITIVE_INFINITY);
      waiting.set(outbox.waiting);
      oldest.set(outbox.oldestSeconds);
      for (const kind of retentionKinds) {
        pastDeletion.set({ kind }, past[kind].count);
        pastDeletionAge.set({ kind }, past[kind].oldestSeconds);
      }
      problems.set(undecided.problems);
      replies.set(undecided.unclearReplies);
      return registry.metrics();
    },
  };
}
