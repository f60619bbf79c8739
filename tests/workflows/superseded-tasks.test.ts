import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { closeByOps } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { quietSdk } from '../harness/quiet-sdk.ts';
import { openTcpProxy, type TcpProxy } from '../harness/servers/tcp-proxy.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';
import { guidePolicy } from './scenarios/guide-policy.ts';
import { acceptedReferral, ana, ben, endOfOffer } from './scenarios/referral-scenarios.ts';
import { createWorkflowHarness, type WorkflowHarness } from './scenarios/workflow-harness.ts';

/**
 * A worker gets a workflow task so late that it times out while a transaction of it runs, and the next task comes. In the first
 * the agent is to be reminded; in the next one the offer ends.
 */
const taskTimeoutMs = 4_000;
/** The reminder is after half of it. */
const followUpWindowMs = 12_000;
/** What is left of the task when the worker gets it. */
const leftMs = 700;

let temporal: TestTemporal;
let harness: WorkflowHarness;
let link: TcpProxy;
let connection: NativeConnection;
let endWorker: () => Promise<void>;
beforeAll(async () => {
  quietSdk({ expected: /already has one/ });
  temporal = await connectTestTemporal();
  const { hostname, port } = new URL(`http://${temporal.address}`);
  link = await openTcpProxy({ hostname, port: Number(port) });
  connection = await NativeConnection.connect({ address: `127.0.0.1:${link.port}` });
  const policy = { ...guidePolicy, followUpWindowMs };
  harness = createWorkflowHarness({ ...temporal, policy, taskTimeoutMs, now: async () => new Date() });
});
afterEach(async () => {
  await harness.endWorkflows();
  await endWorker();
});
afterAll(async () => {
  await connection.close();
  await link.close();
  await temporal.close();
});

/** Waits until a workflow task is given to a worker. @returns the instant, in milliseconds */
function startOfTask({ workflowId }: WorkflowHandle, attempt: number): Promise<number> {
  return eventually(async () => {
    const { raw } = await temporal.client.workflow.getHandle(workflowId).describe();
    const task = raw.pendingWorkflowTask;
    expect([task?.attempt, task?.startedTime]).toEqual([attempt, expect.anything()]);
    const { seconds, nanos } = task?.startedTime ?? {};
    return Number(seconds) * 1_000 + Number(nanos) / 1e6;
  });
}

/** Waits until nothing is left to do before the next timer. */
function untilIdle({ workflowId }: WorkflowHandle): Promise<void> {
  return eventually(async () => {
    const { raw } = await temporal.client.workflow.getHandle(workflowId).describe();
    expect([raw.pendingWorkflowTask, raw.pendingActivities]).toEqual([null, []]);
  });
}

const until = (ms: number) => sleep(Math.max(0, ms - Date.now()));

test('what was decided in one task is not recorded under the next, upon which a signal has come', async () => {
  // a worker that does not know that its task is late
  endWorker = await harness.startWorker({ interceptors: {} }, connection);
  const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
  const reminder = about.injectedFaults.hold('remindOfContact');
  await until((offer.contactRemindAt?.getTime() ?? 0) - 500);
  link.hold();
  const startedAt = await startOfTask(handle, 1);
  await until(startedAt + taskTimeoutMs - leftMs);
  link.release();
  await reminder.reached;
  await handle.signal(closeByOps);
  await startOfTask(handle, 2);
  await sleep(300);
  reminder.release();
  expect(await endOfOffer(offer)).toMatchObject({ end: 'closed-by-ops' });
  expect(await handle.result()).toBe('closed');
  expect(await harness.replayAll()).toEqual({});
}, 60_000);

describe('nor where the two tasks have the same history, and the time alone is another:', () => {
  /** Starts a worker that gets the second attempt of the task so late, after another worker died with the first. */
  async function secondAttempt(left: number, options: Partial<WorkerOptions>) {
    endWorker = await harness.startWorker();
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    await untilIdle(handle);
    await endWorker();
    const { namespace, taskQueue } = temporal;
    await temporal.client.connection.withDeadline(Date.now() + 20_000, () =>
      temporal.client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
    );
    const reminder = about.injectedFaults.hold('remindOfContact');
    endWorker = await harness.startWorker(options, connection);
    link.hold();
    const startedAt = await startOfTask(handle, 2);
    await until(startedAt + taskTimeoutMs - left);
    link.release();
    await reminder.reached;
    return { reminder, offer, thirdAt: startedAt + taskTimeoutMs + 300 };
  }

  test('a worker runs no transaction in a task that is late', async () => {
    const { reminder, offer, thirdAt } = await secondAttempt(leftMs, {});
    await until(thirdAt);
    reminder.release();
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent' });
    expect(await harness.replayAll()).toEqual({});
  }, 60_000);

  test('one that does not know of it notices that it took most of the task’s time', async () => {
    const { reminder, offer, thirdAt } = await secondAttempt(2_300, { interceptors: {} });
    await until(Math.max(thirdAt, Date.now() + 0.6 * taskTimeoutMs + 100));
    reminder.release();
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent' });
    expect(await harness.replayAll()).toEqual({});
  }, 60_000);
});
