import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import type { Pool } from 'pg';
import { createPullActivities } from '../../../activities/feeds/pull-registrations.ts';
import { createDataCatalog } from '../../../activities/feeds/registries/data-catalog.ts';
import { createPool } from '../../../runtime/database.ts';
import { createMailbox, type Mailbox } from '../../../standalone/fakes/mailbox/mailbox.ts';
import { type ScheduleSettings, syncSchedules } from '../../../worker/deployment/schedules.ts';
import { baseWorkerOptions } from '../../../worker/worker.ts';
import { type ActivityHarness, openActivityHarness } from '../../harness/activity-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { noLog, quietSdk } from '../../harness/quiet-sdk.ts';
import { getSharedServer } from '../../harness/servers/shared-servers.ts';
import { connectTestTemporal, type TestTemporal } from '../../harness/servers/temporal-dev-server.ts';
import { unrecordedFailures } from '../../harness/unrecorded-failures.ts';

quietSdk();

const day = 24 * 60 * 60_000;
const unscheduled: ScheduleSettings = {
  reviewEveryMs: undefined,
  pullEveryMs: undefined,
  auditEveryMs: undefined,
};

let harness: ActivityHarness;
let temporal: TestTemporal;
let pool: Pool;
let mailbox: Mailbox;
let folder: string;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  [harness, temporal] = await Promise.all([openActivityHarness(), connectTestTemporal()]);
  pool = createPool(harness.url, { poolSize: 1 });
  folder = mkdtempSync(join(tmpdir(), 'scheduled-'));
  const completionList = join(folder, 'list.csv');
  const header = [
    'NPN',
    'Applicable Plan Year',
    'Individual Registration Completion Date',
    'Individual Marketplace End Date',
    'Shop Registration Completion Date',
    'Shop End Date',
    'NPN Valid (Current Plan Year Only)',
  ];
  writeFileSync(completionList, `${header.join()}\n1000,2027,09/14/2026,12/31/2027,,,Y\n`);
  mailbox = createMailbox({ stepMs: 300, maxMessages: 100, twilioAuthToken: 'unused', completionList });
  const url = await mailbox.listen(0);
  const activities = createPullActivities({
    db: harness.db,
    policy: { maxRemovedShare: 0.1, maxBadShare: 0.5 },
    listSource: {
      catalog: createDataCatalog({ url, dataset: 'wb6u-x2ny' }),
      pool,
      pageSize: 500,
      heartbeatEveryMs: 20_000,
    },
  });
  worker = await Worker.create({
    connection: temporal.nativeConnection,
    namespace: temporal.namespace,
    workflowBundle: await getSharedServer('workflowBundle'),
    ...baseWorkerOptions({
      activities,
      taskQueue: temporal.taskQueue,
      log: noLog,
      failures: unrecordedFailures,
    }),
  });
  running = worker.run();
  await syncSchedules(temporal.client, { ...unscheduled, pullEveryMs: day }, temporal.taskQueue);
});
afterAll(async () => {
  await syncSchedules(temporal.client, unscheduled, temporal.taskQueue);
  worker.shutdown();
  await running;
  await Promise.all([temporal.close(), mailbox.close(), pool.end()]);
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Results of the schedule's runs, oldest first; polls until that many have ended. */
async function endsOf(count: number): Promise<unknown[]> {
  const schedule = temporal.client.schedule.getHandle(`pull-registrations-${temporal.taskQueue}`);
  const actions = await eventually(async () => {
    const { info } = await schedule.describe();
    expect(info.recentActions).toHaveLength(count);
    return info.recentActions;
  });
  return Promise.all(
    actions.map(({ action: { workflow } }) =>
      temporal.client.workflow.getHandle(workflow.workflowId, workflow.firstExecutionRunId).result(),
    ),
  );
}

test('the schedule imports the list, and the next run finds nothing new: one pull is on record', async () => {
  const schedule = temporal.client.schedule.getHandle(`pull-registrations-${temporal.taskQueue}`);
  await schedule.trigger();
  const imported = { endedAs: 'imported', rows: 1, added: 1, changed: 0, removed: 0 };
  expect(await endsOf(1)).toEqual([imported]);
  await schedule.trigger();
  expect(await endsOf(2)).toEqual([imported, { endedAs: 'unchanged' }]);
  const pulls = await harness.db
    .selectFrom('feedPulls')
    .select(['kind', 'rows', 'endedAs', 'releaseId'])
    .execute();
  expect(pulls).toEqual([
    { kind: 'registration-completions', rows: 1, endedAs: 'imported', releaseId: expect.any(String) },
  ]);
  expect(await harness.db.selectFrom('registrationCompletions').select('npn').execute()).toEqual([
    { npn: '1000' },
  ]);
});
