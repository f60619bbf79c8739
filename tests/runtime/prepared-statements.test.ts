import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { databaseLimits } from '../../domain/time-limits.ts';
import { createDatabase } from '../../runtime/database.ts';
import { createEmptyDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

interface Seats {
  seats: { id: number; name: string };
}

let testDatabase: TestDatabase;
let owner: Client;
const openDatabase = () =>
  createDatabase<Seats>(testDatabase.ownerUrl, { poolSize: 1, limits: databaseLimits });
let db: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  owner = new Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  await owner.query(
    "create table seats (id integer primary key, name text); insert into seats values (1, 'A')",
  );
  db = openDatabase();
});
afterAll(async () => {
  await db.destroy();
  await owner.end();
  await testDatabase.drop();
});

async function prepared(): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db);
  return rows.map(({ statement }) => statement).filter((statement) => statement.includes('seats'));
}

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < count; time += 1) await work();
}

test('a connection prepares what it is asked often, in a transaction too, and not what is rare', async () => {
  const nameOf = (id: number) => db.selectFrom('seats').select('name').where('id', '=', id).execute();
  await times(3, () => nameOf(1));
  expect(await prepared()).toEqual([]);
  await db.transaction().execute((tx) => tx.selectFrom('seats').select('name').where('id', '=', 1).execute());
  expect(await prepared()).toEqual(['select "name" from "seats" where "id" = $1']);
  expect(await nameOf(1)).toEqual([{ name: 'A' }]);
  expect(await nameOf(2)).toEqual([]);
});

test('a statement that takes long twice in a row is planned each time, for its own values', async () => {
  const sleep = (seconds: number) =>
    sql`select pg_sleep(${seconds}) from (select count(*) from seats) n`.execute(db);
  const isPrepared = async () => (await prepared()).some((statement) => statement.includes('pg_sleep'));
  await times(4, () => sleep(0));
  expect(await isPrepared()).toBe(true);
  await db.destroy();
  db = openDatabase();
  await times(2, () => sleep(0.3));
  await times(4, () => sleep(0));
  expect(await isPrepared()).toBe(false);
});

test('a write with a value is prepared and has its limits', async () => {
  await times(5, () => db.updateTable('seats').set({ name: 'B' }).where('id', '=', 1).execute());
  expect(await prepared()).toContain('update "seats" set "name" = $1 where "id" = $2');
});

test('a migration that adds a column while the service runs fails no statement', async () => {
  const read = () => db.selectFrom('seats').selectAll().execute();
  const write = () => db.updateTable('seats').set({ name: 'C' }).returningAll().execute();
  await times(6, read);
  await times(6, write);
  await owner.query('alter table seats add column floor integer');
  expect(await read()).toEqual([{ id: 1, name: 'C', floor: null }]);
  expect(await write()).toEqual([{ id: 1, name: 'C', floor: null }]);
});

test('statements of many texts do not keep one from being prepared that is asked often', async () => {
  for (let length = 1; length <= 600; length += 1)
    await sql`select ${sql.raw(Array.from({ length }, () => 'id').join(' + '))} from seats`.execute(db);
  await times(5, () => db.deleteFrom('seats').where('id', '=', 7).execute());
  expect(await prepared()).toContain('delete from "seats" where "id" = $1');
});
