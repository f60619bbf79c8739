import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Client, escapeIdentifier } from 'pg';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { enqueue } from '../../store/outbox.ts';
import { startRelay } from '../../worker/outbox/relay.ts';
import { onboardingWorkflowId } from '../../workflows/messages.ts';
import { aPolicy } from '../harness/activity-harness.ts';
import { eventually } from '../harness/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { openPostgresProxy } from '../harness/servers/postgres-proxy.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { openSilentTemporal } from '../harness/servers/silent-temporal.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';

let database: TestDatabase;
let temporal: TestTemporal;
let db: Database;
beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), connectTestTemporal()]);
  db = createDatabase<DB>(database.url);
});
afterAll(async () => {
  await Promise.all([db.destroy(), temporal.close()]);
  await database.drop();
});

let logged: string[] = [];
const stops: (() => Promise<void>)[] = [];
beforeEach(() => {
  logged = [];
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const anHour = 3_600_000;
const add = (_values: object, message: string) => void logged.push(message);

function start({
  tickMs = anHour,
  databaseUrl = database.url,
  readsFrom = db,
  client = temporal.client,
} = {}): () => Promise<void> {
  const { taskQueue } = temporal;
  const deps = {
    db: readsFrom,
    temporal: client,
    taskQueue,
    policy: aPolicy(),
    log: { info: add, warn: add },
  };
  const { stop } = startRelay(deps, { databaseUrl, tickMs });
  stops.push(stop);
  return stop;
}

/** Creates an onboarding whose start is in the outbox. */
async function addStart(): Promise<{ npn: string; planYear: number }> {
  const key = { npn: `${randomInt(100_000_000, 999_999_999)}`, planYear: 2027 };
  const now = new Date();
  await db
    .insertInto('onboardings')
    .values({ ...key, since: now, createdAt: now })
    .execute();
  await enqueue(db, { type: 'start-onboarding', payload: key });
  return key;
}

async function untilStarted(key: { npn: string; planYear: number }): Promise<void> {
  await eventually(() => temporal.client.workflow.getHandle(onboardingWorkflowId(key)).describe());
}

/** Ends the connections to the test's database: those of one name, or all. */
const kill = (client: Client, name?: string) =>
  client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = $1 and application_name = coalesce($2, application_name)`,
    [databaseName(), name],
  );

const allowConnections = (client: Client, allowed: boolean) =>
  client.query(`alter database ${escapeIdentifier(databaseName())} allow_connections ${allowed}`);

const isOfOutbox = (message: string) => message === 'Outbox not relayed, will retry';

const databaseName = () => new URL(database.url).pathname.slice(1);

/** Runs work on the server's own database. */
async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: (await getSharedServer('postgres')).url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('a commit wakes the relay, also after Postgres has ended the connection that listens', async () => {
  start();
  await untilStarted(await addStart());
  await asAdmin((client) => kill(client, 'help-on-demand relay'));
  await eventually(() =>
    expect(logged).toEqual(['LISTEN connection lost, reconnecting', 'LISTEN connection restored']),
  );
  await untilStarted(await addStart());
});

test('a message that was announced while nothing listened is relayed once something does', async () => {
  start();
  await untilStarted(await addStart());
  const key = await asAdmin(async (client) => {
    await allowConnections(client, false);
    await kill(client, 'help-on-demand relay');
    await eventually(() => expect(logged).toEqual(['LISTEN connection lost, reconnecting']));
    // over the connection that the pool has still open
    const added = await addStart();
    await allowConnections(client, true);
    return added;
  });
  await untilStarted(key);
});

test('the relay drains the outbox on its tick where it cannot listen at all', async () => {
  start({ tickMs: 50, databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
  await eventually(() => expect(logged).toEqual(['LISTEN connection lost, reconnecting']));
  await untilStarted(await addStart());
});

test('a database that goes away and comes back is read again, and the listener logs its outage once', async () => {
  start({ tickMs: 20 });
  await untilStarted(await addStart());
  await asAdmin(async (client) => {
    await allowConnections(client, false);
    await kill(client);
    await eventually(() => expect(logged.filter(isOfOutbox).length).toBeGreaterThan(2));
    await allowConnections(client, true);
  });
  await untilStarted(await addStart());
  await eventually(() =>
    expect(logged.filter((message) => !isOfOutbox(message))).toEqual([
      'LISTEN connection lost, reconnecting',
      'LISTEN connection restored',
    ]),
  );
});

test('a stop takes less than a second while Temporal does not answer, and gives the leases back', async () => {
  const { client, close } = await openSilentTemporal();
  // what a relay of an earlier test was stopped before it could delete
  await db.deleteFrom('outbox').execute();
  await addStart();
  const stop = start({ client });
  const leased = async () =>
    (await db.selectFrom('outbox').select('leasedUntil').execute()).map((row) => row.leasedUntil !== null);
  await eventually(async () => expect(await leased()).toEqual([true]));
  const began = performance.now();
  await stop();
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await leased()).toEqual([false]);
  await close();
  await db.deleteFrom('outbox').execute();
});

test('a relay that hears of nothing drains page after page in one pass', async () => {
  const about = (npn: number) => ({ npn: `${npn}`, planYear: 2027 });
  const starts = Array.from({ length: 450 }, (_, index) => about(70_000_000 + index));
  // no row is open, so that Postgres answers for each
  await enqueue(db, ...starts.map((payload) => ({ type: 'start-onboarding' as const, payload })));
  start({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
  await eventually(async () => expect(await db.selectFrom('outbox').select('id').execute()).toEqual([]));
});

test('a stop takes less than a second while Postgres does not answer', async () => {
  const proxy = await openPostgresProxy(database.url);
  const silent = createDatabase<DB>(proxy.url);
  await sql`select 1`.execute(silent);
  proxy.silence();
  const stop = start({ databaseUrl: proxy.url, readsFrom: silent });
  const began = performance.now();
  await stop();
  expect(performance.now() - began).toBeLessThan(1_000);
  await Promise.all([silent.destroy(), proxy.close()]);
});
