import { expect, test } from '@jest/globals';
import { sourcesOfTheProject } from './optional-properties.ts';
import { sqlOutsideStore, transactionsInStore } from './sql-outside-store.ts';

/** Files that speak SQL outside the store, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'runtime/connection-checks.ts': 'connects, to see whether Postgres answers',
  'runtime/database.ts': 'opens the pools that are passed to the store',
  'runtime/pg-listener.ts': 'LISTEN needs a connection of its own',
  'runtime/postgres-client.ts': 'sets the limits of every transaction when it begins',
  'scripts/generate-schema.ts': 'reads the catalog of a migrated database, not its rows',
  'scripts/schema-sql/catalog.ts': 'reads the catalog of a migrated database, not its rows',
  'standalone/demo/demo-log.ts': 'LISTEN needs a connection of its own; prints events as they are stored',
  'standalone/services/embedded-postgres.ts': 'creates the database itself',
};

test('SQL, events, notices and outbox messages are written in the store alone', () => {
  const found = sqlOutsideStore(sourcesOfTheProject().running);
  expect([...new Set(found.map((one) => one.split(':')[0]))]).toEqual(Object.keys(exceptions));
});

test('the store opens no transaction: whoever calls a command does', () => {
  expect(transactionsInStore(sourcesOfTheProject().running)).toEqual([]);
});

test.each([
  ["await tx.selectFrom('agents').select('npn').execute();", 'builds a query'],
  ["await tx\n  .updateTable('agents')\n  .set({ heldAt })\n  .execute();", 'builds a query'],
  ["db.with('late', (tx) => late(tx));", 'builds a query'],
  ['db.executeQuery(CompiledQuery.raw(text));', 'builds a query'],
  ['await sql`select 1`.execute(db);', 'has SQL of its own'],
  ['await sql<{ id: string }>`select id from agents`.execute(tx);', 'has SQL of its own'],
  ["await client.query('listen events');", 'has SQL of its own'],
  ["await pool.query<{ open: number }>('select 1');", 'has SQL of its own'],
  ["import { sql } from 'kysely';", 'imports a library of SQL'],
  ["import pg from 'pg';", 'imports a library of SQL'],
  ["import {\n  Client,\n  type Pool,\n} from 'pg';", 'imports a library of SQL'],
  [
    "await recordEvent(tx, { subject, kind: 'noted', at, by: 'ops' });",
    'writes an event, a notice or an outbox message',
  ],
  [
    "await enqueue(tx, { type: 'wake-referral', payload });",
    'writes an event, a notice or an outbox message',
  ],
])('outside the store, `%s` is found', (source, what) => {
  expect(sqlOutsideStore(new Map([['activities/a.ts', source]]))).toEqual([`activities/a.ts: ${what}`]);
  expect(sqlOutsideStore(new Map([['store/a.ts', source]]))).toEqual([]);
});

test('a type of a library of SQL, and a command of the store, may be used anywhere', () => {
  const source =
    "import type { Pool } from 'pg';\nawait db.transaction().execute((tx) => acceptTerms(tx, terms));";
  expect(sqlOutsideStore(new Map([['api/a.ts', source]]))).toEqual([]);
});
