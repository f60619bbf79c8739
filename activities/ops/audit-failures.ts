import { type AuditLimits, maxFailing } from '../../domain/ops/audit.ts';
import { failureForgottenAfterMs } from '../../domain/time-limits.ts';
import type { Database } from '../../store/database/connection.ts';
import { deleteOldActivityFailures, findFailingActivities } from '../../store/ops/activity-failures.ts';
import type { AuditPage } from './audit-rows.ts';
import type { WorkflowStatusReader } from './audit-workflows.ts';

interface ActivityCheckContext {
  db: Database;
  limits: AuditLimits;
  at: Date;
}

/** Finds activities that fail again and again. Only ops can fix the cause; the activity is retried anyway. */
export async function checkActivities({ db, limits, at }: ActivityCheckContext): Promise<AuditPage> {
  // their workflow is over, or they have given up
  await deleteOldActivityFailures(db, new Date(at.getTime() - failureForgottenAfterMs));
  const before = new Date(at.getTime() - limits.graceMs);
  const failing = await findFailingActivities(db, { before, limit: maxFailing });
  return {
    ...noPaging,
    lookedAt: failing.length,
    found: failing.map(({ workflowId, activity }) => ({
      kind: 'activity-failing',
      subjectKind: 'activity',
      subjectId: `${workflowId} ${activity}`,
    })),
  };
}

/** Finds workflows whose task fails again and again: their code, or the version that they run on, is wrong. */
export async function checkTasks({
  workflowStatus,
}: {
  workflowStatus: WorkflowStatusReader;
}): Promise<AuditPage> {
  const failing = await workflowStatus.withFailingTasks(maxFailing);
  return {
    ...noPaging,
    lookedAt: failing.length,
    lists: 1,
    found: failing.map((subjectId) => ({
      kind: 'workflow-task-failing',
      subjectKind: 'workflow',
      subjectId,
    })),
  };
}

/** One page is all; more than its findings would tell ops nothing new. */
const noPaging = { lists: 0, describes: 0, leftOver: 0, after: undefined, isLast: true } as const;
