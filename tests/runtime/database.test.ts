import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { Client } from 'pg';
import { createDatabase } from '../../runtime/database.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.ts';

let place: TestDatabase;
let database: Kysely<unknown>;

beforeAll(async () => {
  place = await createEmptyDatabase();
  database = createDatabase(place.url, { name: 'the-test' });
});

afterAll(async () => {
  await database.destroy();
  await place.drop();
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
  const client = new Client({ connectionString: place.url });
  await client.connect();
  const { rows } = await client.query('select 42::bigint as value');
  await client.end();
  expect(rows).toEqual([{ value: '42' }]);
});

test('a connection shows its name, and one that breaks while idle is told and replaced', async () => {
  expect(await valueOf("current_setting('application_name')")).toBe('the-test');
  const breaks = new EventEmitter();
  const broken = once(breaks, 'broken');
  const told = createDatabase(place.url, {
    poolSize: 1,
    onIdleError: (error) => breaks.emit('broken', error),
  });
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(told);
  await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database);
  expect(await broken).toMatchObject([{ message: expect.stringContaining('terminating connection') }]);
  expect((await sql`select 1 as one`.execute(told)).rows).toEqual([{ one: 1 }]);
  await told.destroy();
});
