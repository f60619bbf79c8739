import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { syncSchedules } from '../../worker/deployment/schedules.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';

const minute = 60_000;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTestTemporal();
});
afterAll(async () => {
  await keep(undefined, undefined, undefined);
  await temporal.close();
});

const keep = (
  reviewEveryMs: number | undefined,
  pullEveryMs: number | undefined,
  auditEveryMs: number | undefined,
) => syncSchedules(temporal.client, { reviewEveryMs, pullEveryMs, auditEveryMs }, temporal.taskQueue);

/** Lists the schedules of this task queue: what they start, and how often. */
async function readSchedules(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const id of ['review-all', 'pull-registrations', 'audit']) {
    const handle = temporal.client.schedule.getHandle(`${id}-${temporal.taskQueue}`);
    const schedule = await handle.describe().catch(() => undefined);
    if (schedule) found.push([schedule.action.workflowType, schedule.spec.intervals?.[0]?.every]);
  }
  return found;
}

test('schedules are what the settings say, however often they are applied', async () => {
  await keep(60 * minute, 360 * minute, 5 * minute);
  await keep(60 * minute, 360 * minute, 5 * minute);
  expect(await readSchedules()).toEqual([
    ['reviewAll', 60 * minute],
    ['pullRegistrations', 360 * minute],
    ['audit', 5 * minute],
  ]);
});

test('what runs on a schedule has a class of its own behind everything that somebody waits for', async () => {
  await keep(60 * minute, 360 * minute, 5 * minute);
  const handle = temporal.client.schedule.getHandle(`audit-${temporal.taskQueue}`);
  expect((await handle.describe()).action.priority).toMatchObject({ priorityKey: 5, fairnessKey: 'audit' });
});

test('a changed interval changes the schedule; one that is no longer wanted is deleted', async () => {
  await keep(30 * minute, 360 * minute, undefined);
  await keep(15 * minute, undefined, undefined);
  await keep(15 * minute, undefined, undefined);
  expect(await readSchedules()).toEqual([['reviewAll', 15 * minute]]);
});
