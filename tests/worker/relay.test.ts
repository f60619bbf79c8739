import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { temporal as proto } from '@temporalio/proto';
import { sql } from 'kysely';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { enqueue, enqueueBulk } from '../../store/outbox.ts';
import { relayPage } from '../../worker/outbox/relay-page.ts';
import { noticeWorkflowId, onboardingWorkflowId, referralWorkflowId } from '../../workflows/messages.ts';
import { after, aPolicy, minutes, monday } from '../harness/activity-harness.ts';
import { eventually } from '../harness/eventually.ts';
import { neverStopping } from '../harness/never-stopping.ts';
import { seedAgent, seedReferral, seedWaitingReferral } from '../harness/people/fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { openSilentTemporal } from '../harness/servers/silent-temporal.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';

let database: TestDatabase;
let temporal: TestTemporal;
let db: Database;
const warnings: object[] = [];
const log = { warn: (values: object) => void warnings.push(values) };
const planYear = 2027;

beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), connectTestTemporal()]);
  db = createDatabase<DB>(database.url);
});
beforeEach(async () => {
  await db.deleteFrom('outbox').execute();
  // referrals of earlier tests do not wait in this one
  await db.updateTable('referrals').set({ stage: 'closed', closedAt: monday }).execute();
});
afterAll(async () => {
  await Promise.all([db.destroy(), temporal.close()]);
  await database.drop();
});

const relay = (client: Client = temporal.client, page = { bulk: false, size: 200 }) =>
  relayPage(
    { db, temporal: client, taskQueue: temporal.taskQueue, policy: aPolicy(), log },
    page,
    neverStopping,
  );

/** Creates the row of an onboarding. */
async function addOnboarding(closedAt?: Date) {
  const key = { npn: `${randomInt(100_000_000, 999_999_999)}`, planYear };
  const now = new Date();
  await db
    .insertInto('onboardings')
    .values({ ...key, since: now, createdAt: now, closedAt: closedAt ?? null })
    .execute();
  return key;
}

async function historyOf(workflowId: string): Promise<string[]> {
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).map((event) =>
    event.workflowExecutionStartedEventAttributes
      ? 'started'
      : (event.workflowExecutionSignaledEventAttributes?.signalName ?? 'task'),
  );
}

const completed = proto.api.enums.v1.CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION;

/** Completes the workflow as a worker does. */
async function complete(
  workflowId: string,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  const { client, taskQueue } = temporal;
  const { workflowService, options } = client;
  const poll = { namespace: options.namespace, taskQueue: { name: taskQueue } };
  for (;;) {
    const { taskToken, workflowExecution } = await client.withDeadline(Date.now() + 60_000, () =>
      workflowService.pollWorkflowTaskQueue(poll),
    );
    if (workflowExecution?.workflowId !== workflowId) continue;
    await meanwhile();
    await workflowService.respondWorkflowTaskCompleted({
      taskToken,
      commands: [{ commandType: completed, completeWorkflowExecutionCommandAttributes: {} }],
    });
    return;
  }
}

/** Adds starts of so many onboardings. */
async function addStarts(count: number, add: typeof enqueue = enqueue): Promise<void> {
  const keys = await Promise.all(Array.from({ length: count }, () => addOnboarding()));
  await add(db, ...keys.map((payload) => ({ type: 'start-onboarding' as const, payload })));
}

/** Reads what became of the messages: how many there are of each number of tries, and whether they are leased. */
async function stateOfMessages() {
  const { rows } = await sql<{ tries: number; isLeased: boolean; count: number }>`
    select tries, leased_until is not null as is_leased, count(*)::integer as count
      from outbox group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

const left = async () => (await db.selectFrom('outbox').selectAll().execute()).length;

test('a consumer does not wait behind the onboardings that a feed has opened', async () => {
  const bulk = Array.from({ length: 250 }, (_, index) => `${20_000_000 + index}`);
  await enqueueBulk(
    db,
    ...bulk.map((npn) => ({ type: 'start-onboarding' as const, payload: { npn, planYear } })),
  );
  const referralId = await seedReferral(db);
  expect(await relay()).toMatchObject({ leased: 1, isFull: false });
  expect((await historyOf(referralWorkflowId({ referralId }))).slice(0, 1)).toEqual(['started']);
});

test('a start comes before its wake, and both are deleted once Temporal has them', async () => {
  const key = await addOnboarding();
  await enqueue(db, { type: 'start-onboarding', payload: key }, { type: 'wake-onboarding', payload: key });
  expect(await relay()).toMatchObject({ leased: 2, isFull: false });
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task', 'factsChanged']);
  expect(await left()).toBe(0);
});

test('every start has the place in the task queue that its work has', async () => {
  const key = await addOnboarding();
  const another = await addOnboarding();
  const referralId = await seedReferral(db);
  const notice = { noticeId: randomUUID(), kind: 'contact-code', channels: ['text'] } as const;
  await enqueue(
    db,
    { type: 'start-onboarding', payload: key },
    { type: 'start-onboarding', payload: { ...another, again: true } },
    { type: 'start-referral', payload: { referralId } },
    { type: 'send-notice', payload: { ...notice, channels: [...notice.channels] } },
  );
  await relay();
  const priorityOfRun = async (workflowId: string) =>
    (await temporal.client.workflow.getHandle(workflowId).describe()).priority;
  expect(await priorityOfRun(onboardingWorkflowId(key))).toMatchObject({ priorityKey: 4 });
  expect(await priorityOfRun(onboardingWorkflowId(another))).toMatchObject({ priorityKey: 4 });
  expect(await priorityOfRun(referralWorkflowId({ referralId }))).toMatchObject({ priorityKey: 1 });
  expect(await priorityOfRun(noticeWorkflowId(notice))).toMatchObject({
    priorityKey: 1,
    fairnessKey: 'contact-code',
  });
});

test('the same message dispatched twice starts one workflow', async () => {
  const key = await addOnboarding();
  for (const _time of [1, 2]) {
    await enqueue(db, { type: 'start-onboarding', payload: key });
    await relay();
  }
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task']);
});

test('a wake without a running workflow starts it', async () => {
  const key = await addOnboarding();
  await enqueue(db, { type: 'wake-onboarding', payload: key });
  await relay();
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task']);
});

test('what Postgres has closed is never started again', async () => {
  const key = await addOnboarding(new Date());
  const referralId = await seedReferral(db);
  await db.updateTable('referrals').set({ closedAt: new Date() }).where('id', '=', referralId).execute();
  await db.deleteFrom('outbox').execute();
  await enqueue(
    db,
    { type: 'wake-onboarding', payload: key },
    { type: 'start-referral', payload: { referralId } },
    { type: 'wake-referral', payload: { referralId } },
    { type: 'rescind-offer', payload: { referralId, offerId: referralId } },
  );
  await relay();
  expect(await left()).toBe(0);
  for (const id of [onboardingWorkflowId(key), referralWorkflowId({ referralId })]) {
    await expect(temporal.client.workflow.getHandle(id).describe()).rejects.toThrow(WorkflowNotFoundError);
  }
});

test('an onboarding that was closed and reopened has a running workflow again', async () => {
  const key = await addOnboarding();
  await enqueue(db, { type: 'start-onboarding', payload: key });
  await relay();
  const handle = temporal.client.workflow.getHandle(onboardingWorkflowId(key));
  const { runId } = await handle.describe();
  await complete(onboardingWorkflowId(key));
  expect((await handle.describe()).status.name).toBe('COMPLETED');
  // a late plain start does nothing; one with `again` starts it
  await enqueue(db, { type: 'start-onboarding', payload: key });
  await relay();
  expect((await handle.describe()).runId).toBe(runId);
  await enqueue(db, { type: 'start-onboarding', payload: { ...key, again: true } });
  await relay();
  const second = await handle.describe();
  expect([second.status.name, second.runId === runId]).toEqual(['RUNNING', false]);
});

test('an onboarding that is reopened while its workflow still runs wakes that workflow', async () => {
  const key = await addOnboarding();
  await enqueue(db, { type: 'start-onboarding', payload: key });
  await relay();
  await enqueue(db, { type: 'start-onboarding', payload: { ...key, again: true } });
  await relay();
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task', 'factsChanged']);
  expect(await left()).toBe(0);
});

test('a workflow that is about to complete cannot miss that its row was reopened', async () => {
  const key = await addOnboarding();
  const workflowId = onboardingWorkflowId(key);
  await enqueue(db, { type: 'start-onboarding', payload: key });
  await relay();
  const refused = await complete(workflowId, async () => {
    await enqueue(db, { type: 'start-onboarding', payload: { ...key, again: true } });
    await relay();
  }).catch((error: { details?: string }) => error.details);
  expect(refused).toContain('UnhandledCommand');
  const { status } = await temporal.client.workflow.getHandle(workflowId).describe();
  expect([status.name, (await historyOf(workflowId)).includes('factsChanged')]).toEqual(['RUNNING', true]);
});

test('while Temporal is away messages are delayed, not lost', async () => {
  const key = await addOnboarding();
  await enqueue(db, { type: 'start-onboarding', payload: key });
  const away = Connection.lazy({ address: '127.0.0.1:1' });
  await relay(new Client({ connection: away }));
  const [row] = await db.selectFrom('outbox').selectAll().execute();
  expect(row?.tries).toBe(1);
  expect(row?.tryAt.getTime()).toBeGreaterThan(row?.createdAt.getTime() ?? 0);
  expect(warnings).toContainEqual(expect.objectContaining({ type: 'start-onboarding', tries: 0 }));

  await db
    .updateTable('outbox')
    .set({ tryAt: new Date(0) })
    .execute();
  await relay();
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task']);
});

test('a silent Temporal costs a page one deadline, not one for each message, and nothing is postponed', async () => {
  const { client, close } = await openSilentTemporal();
  await addStarts(200);
  await expect(relay(client)).rejects.toMatchObject({ name: 'TemporalAway' });
  expect(await stateOfMessages()).toEqual([{ tries: 0, isLeased: false, count: 200 }]);
  await close();
});

test('a silent Temporal stops a bulk page too, although it calls few at once', async () => {
  const { client, close } = await openSilentTemporal();
  await addStarts(20, enqueueBulk);
  await expect(relay(client, { bulk: true, size: 20 })).rejects.toMatchObject({ name: 'TemporalAway' });
  expect(await stateOfMessages()).toEqual([{ tries: 0, isLeased: false, count: 20 }]);
  await close();
});

test('no transaction is open while Temporal is called', async () => {
  const { client, close } = await openSilentTemporal();
  await addStarts(20);
  const relaying = relay(client).catch((error: Error) => error.name);
  await eventually(async () =>
    expect(await stateOfMessages()).toEqual([{ tries: 0, isLeased: true, count: 20 }]),
  );
  const { rows } = await sql<{ state: string }>`
    select state from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`.execute(db);
  expect(rows).toEqual([]);
  expect(await relaying).toBe('TemporalAway');
  await close();
});

test('a call that alone gets no answer delays its own message only', async () => {
  const { client, close } = await openSilentTemporal();
  await addStarts(1);
  await relay(client);
  expect(await stateOfMessages()).toEqual([{ tries: 1, isLeased: false, count: 1 }]);
  await close();
});

test('a message that cannot be read stops no other of its page', async () => {
  const key = await addOnboarding();
  await db.insertInto('outbox').values({ type: 'wake-referral', payload: 'null' }).execute();
  await enqueue(db, { type: 'start-onboarding', payload: key });
  await relay();
  const rows = await db.selectFrom('outbox').select(['type', 'tries']).execute();
  expect(rows).toEqual([{ type: 'wake-referral', tries: 1 }]);
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task']);
});

test('a message that Postgres itself refuses stops no other of its page', async () => {
  const key = await addOnboarding();
  await db
    .insertInto('outbox')
    .values({ type: 'wake-referral', payload: JSON.stringify({ referralId: 'no-uuid' }) })
    .execute();
  await enqueue(db, { type: 'start-onboarding', payload: key });
  await relay();
  const rows = await db.selectFrom('outbox').select(['type', 'tries']).execute();
  expect(rows).toEqual([{ type: 'wake-referral', tries: 1 }]);
  expect(await historyOf(onboardingWorkflowId(key))).toEqual(['started', 'task']);
});

test('two relays at once share the work instead of doing it twice', async () => {
  const keys = await Promise.all(Array.from({ length: 30 }, () => addOnboarding()));
  await enqueue(db, ...keys.map((payload) => ({ type: 'wake-onboarding' as const, payload: payload })));
  const pages = await Promise.all([relay(), relay()]);
  expect(pages.reduce((sum, { leased }) => sum + leased, 0)).toBe(30);
  expect(await left()).toBe(0);
});

test.each(['rescind-offer', 'close-referral', 'withdraw-referral'] as const)(
  '%s waits for a workflow that was terminated, and is deleted where the referral is closed',
  async (type) => {
    const referralId = await seedReferral(db);
    await db.deleteFrom('outbox').execute();
    const payload = { referralId, offerId: randomUUID() };
    await enqueue(db, { type, payload });
    await relay();
    expect(await left()).toBe(1);
    await db.updateTable('referrals').set({ closedAt: new Date() }).where('id', '=', referralId).execute();
    await db
      .updateTable('outbox')
      .set({ tryAt: new Date(0) })
      .execute();
    await relay();
    expect(await left()).toBe(0);
  },
);

test('a wake for a deleted referral wakes the next one that an agent fits', async () => {
  await seedAgent(db);
  const [gone, next] = [
    await seedWaitingReferral(db),
    await seedWaitingReferral(db, { at: after(minutes(1)) }),
  ];
  await db
    .updateTable('referrals')
    .set({ stage: 'withdrawn', closedAt: monday })
    .where('id', '=', gone)
    .execute();
  await db.deleteFrom('outbox').execute();
  await enqueue(db, { type: 'wake-referral', payload: { referralId: gone } });
  await relay();
  const rows = await db.selectFrom('outbox').select(['type', 'payload']).execute();
  expect(rows).toEqual([{ type: 'wake-referral', payload: { referralId: next } }]);
});
