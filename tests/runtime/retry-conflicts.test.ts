import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { createEmptyDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createEmptyDatabase();
  db = createDatabase<DB>(database.ownerUrl);
  await sql`create table pairs (id integer primary key, value integer not null default 0)`.execute(db);
  await sql`insert into pairs (id) values (1), (2)`.execute(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

test('two deadlocked transactions are both done, and each has happened once', async () => {
  let both = 0;
  let go: () => void = () => undefined;
  const met = new Promise<void>((resolve) => {
    go = resolve;
  });
  const add = (first: number, second: number) =>
    db.transaction().execute(async (tx) => {
      await sql`update pairs set value = value + 1 where id = ${first}`.execute(tx);
      both += 1;
      if (both === 2) go();
      await met;
      await sql`update pairs set value = value + 1 where id = ${second}`.execute(tx);
    });
  await Promise.all([add(1, 2), add(2, 1)]);
  const { rows } = await sql<{ value: number }>`select value from pairs order by id`.execute(db);
  expect(rows.map(({ value }) => value)).toEqual([2, 2]);
  expect(both).toBe(3);
});

test.each(['40P01', '40001'])('a conflict (%s) that never ends is thrown after four tries', async (code) => {
  let tries = 0;
  const failing = db.transaction().execute(async (tx) => {
    tries += 1;
    await sql`do ${sql.raw(`$$ begin raise sqlstate '${code}'; end $$`)}`.execute(tx);
  });
  await expect(failing).rejects.toMatchObject({ code });
  expect(tries).toBe(4);
});

test('any other failure is thrown at once', async () => {
  let tries = 0;
  const failing = db.transaction().execute(async (tx) => {
    tries += 1;
    await sql`select 1 / 0`.execute(tx);
  });
  await expect(failing).rejects.toMatchObject({ code: '22012' });
  expect(tries).toBe(1);
});
