import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/audit.ts';
import { type AuditCounts, addCounts, auditParts, noCounts } from '../domain/audit.ts';
import { now } from './wait.ts';

const deeds = proxyActivities<AuditActivities>({
  // 100,000 open rows take a minute or two; whoever takes over goes on from the last heartbeat
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  // a run that cannot go on makes way for the next one, which looks at everything anew
  scheduleToCloseTimeout: '2 hours',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Every few minutes: what Postgres says of the stories is held against what Temporal says, part by part. */
export async function audit(): Promise<AuditCounts & { resolved: number }> {
  const { runId } = workflowInfo();
  const at = now();
  await deeds.beginAudit({ runId, at });
  let counts = noCounts;
  for (const part of auditParts) counts = addCounts(counts, await deeds.auditPart({ part, at }));
  return deeds.endAudit({ runId, at, counts });
}
