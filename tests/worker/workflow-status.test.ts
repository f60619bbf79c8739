import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { createWorkflowStatusReader } from '../../worker/workflow-status.ts';
import { eventually } from '../harness/eventually.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTestTemporal();
});
afterAll(() => temporal.close());

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

/** Answers the next workflow task as a worker does whose code does not fit the history, or as one whose code does. */
async function answerTask(isRight: boolean): Promise<void> {
  const { connection, options } = temporal.client;
  const { namespace } = options;
  const { workflowService } = connection;
  const { taskToken } = await connection.withDeadline(Date.now() + 30_000, () =>
    workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: temporal.taskQueue } }),
  );
  if (isRight) {
    await workflowService.respondWorkflowTaskCompleted({ namespace, taskToken });
    return;
  }
  const cause = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;
  await workflowService.respondWorkflowTaskFailed({ namespace, taskToken, cause });
}

test('a workflow whose task fails again and again is listed, until one succeeds', async () => {
  const workflowId = `referral-${randomUUID()}`;
  await temporal.client.workflow.start('referral', { workflowId, taskQueue: temporal.taskQueue });
  const status = createWorkflowStatusReader(temporal.client, temporal.taskQueue);
  const isListed = async () => (await status.withFailingTasks(10)).includes(workflowId);
  expect(await isListed()).toBe(false);
  for (let failure = 0; failure < 5; failure += 1) await answerTask(false);
  await eventually(async () => expect(await isListed()).toBe(true));
  await answerTask(true);
  await eventually(async () => expect(await isListed()).toBe(false));
  await temporal.client.workflow.getHandle(workflowId).terminate();
});
