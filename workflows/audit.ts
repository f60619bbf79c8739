import { ApplicationFailure, isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/ops/audit.ts';
import { type AuditCounts, type AuditPart, addCounts, auditParts, noCounts } from '../domain/ops/audit.ts';
import { priorityOf } from '../domain/priority.ts';
import { activityLimits, heartbeatLimits } from '../domain/time-limits.ts';
import { now } from './wait.ts';

const activities = proxyActivities<AuditActivities>({
  priority: priorityOf('bulk', 'audit'),
  // 100,000 open rows take a minute or two; a retry continues from the last heartbeat
  startToCloseTimeout: activityLimits.auditMs,
  heartbeatTimeout: heartbeatLimits.auditMs,
  // a part that stays stuck gives way to the next part; the next run checks everything again
  scheduleToCloseTimeout: '2 hours',
  retry: {
    initialInterval: '2 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    // a part that failed ten times has a defect that another try does not mend
    maximumAttempts: 10,
  },
});

/**
 * Compares the rows in Postgres with the workflows in Temporal, part by part, every few minutes.
 *
 * A failed part does not stop the others. The run fails at the end, so that the last finished audit counts as old, which alerts ops, and no finding
 * of an unchecked part counts as resolved.
 * @throws `audit-incomplete` with the names of the parts that failed
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
