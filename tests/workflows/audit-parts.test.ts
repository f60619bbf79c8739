import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { type AuditPart, auditParts, noCounts } from '../../domain/ops/audit.ts';
import { baseWorkerOptions } from '../../worker/worker.ts';
import { audit } from '../../workflows/audit.ts';
import { noLog, quietSdk } from '../harness/quiet-sdk.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { createTimeSkippingEnv } from '../harness/servers/time-skipping.ts';
import { unrecordedFailures } from '../harness/unrecorded-failures.ts';

let environment: Awaited<ReturnType<typeof createTimeSkippingEnv>>;
beforeAll(async () => {
  quietSdk();
  environment = await createTimeSkippingEnv();
});
afterAll(() => environment.teardown());

/** Runs an audit in which one part fails. @returns the parts that ran, and whether the run completed */
async function audited(failing?: AuditPart) {
  const seen = new Set<AuditPart>();
  let hasEnded = false;
  const taskQueue = `audit-${randomUUID()}`;
  const activities = {
    beginAudit: async () => undefined,
    async auditPart({ part }: { part: AuditPart }) {
      seen.add(part);
      if (part === failing) throw new Error('one of its rows cannot be read');
      return noCounts;
    },
    async endAudit() {
      hasEnded = true;
      return { ...noCounts, resolved: 0 };
    },
  };
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    workflowBundle: await getSharedServer('workflowBundle'),
    ...baseWorkerOptions({
      activities,
      taskQueue,
      log: noLog,
      failures: unrecordedFailures,
    }),
  });
  const outcome = await worker.runUntil(
    environment.client.workflow.execute(audit, { workflowId: taskQueue, taskQueue }).then(
      () => 'completed',
      () => 'failed',
    ),
  );
  return { outcome, seen: [...seen], hasEnded };
}

test('a part of the audit that fails stops no other; the run does not count as one that checked everything', async () => {
  expect(await audited('onboardings')).toEqual({ outcome: 'failed', seen: [...auditParts], hasEnded: false });
  expect(await audited()).toEqual({ outcome: 'completed', seen: [...auditParts], hasEnded: true });
});
