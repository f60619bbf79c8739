import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPacing } from '../../worker/outbox/pacing.ts';
import { eventually } from '../harness/eventually.ts';
import { neverStopping } from '../harness/never-stopping.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTestTemporal();
});
afterAll(() => temporal.close());

/** Starts workflows that no worker runs, so that each has a task that waits. */
async function addWaitingTasks(taskQueue: string, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const start = async () => {
    while (numbers.pop() !== undefined)
      await temporal.client.workflow.start('anyWorkflow', {
        workflowId: `waiting-${randomUUID()}`,
        taskQueue,
      });
  };
  await Promise.all(Array.from({ length: 20 }, start));
}

test('a few messages go at once while nothing waits for a worker, and not all at once', async () => {
  const allowed = await createPacing(temporal.client, temporal.taskQueue).next(200, neverStopping);
  expect(allowed).toBeGreaterThan(0);
  expect(allowed).toBeLessThan(30);
});

test('messages in bulk are held once they take much longer than usual', async () => {
  const pacing = createPacing(temporal.client, temporal.taskQueue);
  expect(await pacing.next(200, neverStopping)).toBeGreaterThan(0);
  pacing.observe(10);
  // the next part of the interval is due within this time
  expect(await pacing.next(200, AbortSignal.timeout(2_000))).toBeGreaterThan(0);
  for (let page = 0; page < 10; page += 1) pacing.observe(500);
  expect(await pacing.next(200, AbortSignal.timeout(2_000))).toBe(0);
});

test('messages in bulk are held while hundreds of tasks wait for a worker', async () => {
  const queue = `${temporal.taskQueue}-waiting`;
  await addWaitingTasks(queue, 150);
  // Temporal counts them a little later, and answers from a cache; without the hold some are allowed at once
  await eventually(async () => {
    const pacing = createPacing(temporal.client, queue);
    expect(await pacing.next(200, AbortSignal.timeout(2_000))).toBe(0);
  });
});
