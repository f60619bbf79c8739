import { ApplicationFailure, isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/ops/audit.ts';
import { type AuditCounts, type AuditPart, addCounts, auditParts, noCounts } from '../domain/ops/audit.ts';
import { now } from './wait.ts';

const activities = proxyActivities<AuditActivities>({
  // 100,000 open rows take a minute or two; whoever takes over goes on from the last heartbeat
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  // a part that cannot go on makes way for the next part, and the run for the next run, which looks at everything anew
  scheduleToCloseTimeout: '2 hours',
  retry: {
    initialInterval: '2 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 10,
  },
});

/**
 * Every few minutes: what Postgres says of the workflows is held against what Temporal says, part by part. A part that
 * fails stops no other; the run fails with it at the end, so that its age rings and nothing counts as resolved that was
 * not looked at.
 */
export async function audit(): Promise<AuditCounts & { resolved: number }> {
  const { runId } = workflowInfo();
  const at = now();
  await activities.beginAudit({ runId, at });
  let counts = noCounts;
  const failed: AuditPart[] = [];
  for (const part of auditParts) {
    try {
      counts = addCounts(counts, await activities.auditPart({ part, at }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      failed.push(part);
    }
  }
  if (failed.length > 0)
    throw ApplicationFailure.nonRetryable(
      `Parts of the audit failed: ${failed.join(', ')}`,
      'audit-incomplete',
    );
  return activities.endAudit({ runId, at, counts });
}
