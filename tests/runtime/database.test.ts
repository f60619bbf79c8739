import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { Client } from 'pg';
import { createDatabase, createPool } from '../../runtime/database.ts';
import { eventually } from '../harness/eventually.ts';
import { createEmptyDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let testDatabase: TestDatabase;
let database: Kysely<unknown>;

beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  database = createDatabase(testDatabase.url, { name: 'the-test' });
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

async function valueOf(expression: string): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(database);
  return rows[0]?.value;
}

test('a bigint is a number, a day keeps its text, an instant is a Date', async () => {
  expect(await valueOf('42::bigint')).toBe(42);
  expect(await valueOf("date '2026-11-01'")).toBe('2026-11-01');
  expect(await valueOf("timestamptz '2026-11-01T10:42:00Z'")).toEqual(new Date('2026-11-01T10:42:00Z'));
});

test('a bigint that a number cannot hold is refused, not rounded', async () => {
  await expect(valueOf('9007199254740993::bigint')).rejects.toThrow(RangeError);
});

test('other connections of the process read values as before', async () => {
  const client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  const { rows } = await client.query('select 42::bigint as value');
  await client.end();
  expect(rows).toEqual([{ value: '42' }]);
});

test('a connection shows its name, and one that breaks while idle is logged and replaced', async () => {
  expect(await valueOf("current_setting('application_name')")).toBe('the-test');
  const breaks = new EventEmitter();
  const broken = once(breaks, 'broken');
  const idle = createDatabase(testDatabase.url, {
    poolSize: 1,
    onIdleError: (error) => breaks.emit('broken', error),
  });
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(idle);
  await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database);
  expect(await broken).toMatchObject([{ message: expect.stringContaining('terminating connection') }]);
  expect((await sql`select 1 as one`.execute(idle)).rows).toEqual([{ one: 1 }]);
  await idle.destroy();
});

test('a connection that breaks in use fails its query and is replaced; the process goes on', async () => {
  const ended = createDatabase(testDatabase.url, { poolSize: 1, name: 'ended-in-use' });
  const outcome = sql`select pg_sleep(60)`.execute(ended).then(
    () => 'answered',
    (error: unknown) => (error as Error).message,
  );
  await endConnectionsOf('ended-in-use');
  expect(await outcome).toContain('terminat');
  // a query in the moment before the socket closes gets the same connection once more
  const { rows } = await eventually(() => sql`select 1 as one`.execute(ended));
  expect(rows).toEqual([{ one: 1 }]);
  await ended.destroy();
});

test('so does a connection that is checked out between two queries', async () => {
  const pool = createPool(testDatabase.url, { poolSize: 1, name: 'ended-in-transaction' });
  const client = await pool.connect();
  await client.query('begin');
  await endConnectionsOf('ended-in-transaction');
  await expect(eventuallyFailing(() => client.query('select 1'))).resolves.toBeDefined();
  client.release(true);
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});

/** Waits for a connection of this name, and has Postgres end it. */
async function endConnectionsOf(name: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await sql<{ ended: boolean }>`
      select pg_terminate_backend(pid) as ended from pg_stat_activity
      where application_name = ${name} and state <> 'idle'`.execute(database);
    expect(rows).toEqual([{ ended: true }]);
  });
}

async function eventuallyFailing(ask: () => Promise<unknown>): Promise<unknown> {
  return eventually(async () => {
    const failure = await ask().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeDefined();
    return failure;
  });
}
