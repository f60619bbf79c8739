import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { baseWorkerOptions } from '../../worker/worker.ts';
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

test('workflow code is not broken off when the process has stood still for minutes', async () => {
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    workflowBundle: await getSharedServer('workflowBundle'),
    ...baseWorkerOptions({
      activities: {},
      taskQueue: 'never-polled',
      log: noLog,
      failures: unrecordedFailures,
    }),
  });
  // as the SDK has read it: the option is not among its documented ones
  expect(worker.options.isolateExecutionTimeoutMs).toBeGreaterThanOrEqual(10 * 60_000);
  await worker.runUntil(Promise.resolve());
});
