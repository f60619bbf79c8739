import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { migrationFilesBefore, transactionsOf } from '../../../store/database/migration-files.ts';
import { createEmptyDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

const folder = fileURLToPath(new URL('../../../store/database/migrations/', import.meta.url));

/** The first that is held to it: those before were released, or run while API and worker are stopped. */
const first = '0116';

/** Tables with at most a few rows for each agent, which are read through within a second. */
const small: ReadonlySet<string> = new Set(['agents', 'push_subscriptions']);

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

/** Something of a table that has to be made from all its rows, or checked against them. */
interface Made {
  /** The same while it stays as it is. */
  id: string;
  table: string;
  what: string;
  /** What a migration has to do instead. */
  instead: string;
  /** Whether it is about columns that are as new as itself, which are empty. */
  ofColumns: string[];
}

/** Reads indexes, validated constraints and files of tables. */
async function readMade(): Promise<Made[]> {
  const { rows } = await client.query<{
    id: string;
    table: string;
    what: string;
    instead: string;
    columns: string[];
  }>(
    `select 'index ' || i.indexrelid as id, t.relname as "table", 'the index ' || c.relname as what,
            'create index concurrently' as instead, '{}'::text[] as columns
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
      where t.relnamespace = 'public'::regnamespace
     union all
     select 'constraint ' || o.oid, t.relname, 'the constraint ' || o.conname, 'add it not valid, validate it afterwards',
            case when o.contype in ('f', 'n') then array(select o.conrelid || '.' || n from unnest(o.conkey) n) else '{}' end
       from pg_constraint o join pg_class t on t.oid = o.conrelid
      where t.relnamespace = 'public'::regnamespace and o.contype in ('c', 'f', 'n') and o.convalidated
     union all
     select 'file ' || t.relfilenode, t.relname, 'the whole table', 'add a column, and fill it beside its writers', '{}'
       from pg_class t where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'`,
  );
  return rows.map(({ columns, ...made }) => ({ ...made, ofColumns: columns }));
}

const readColumns = async () => {
  const { rows } = await client.query<{ id: string }>(
    `select attrelid || '.' || attnum as id from pg_attribute where attnum > 0 and attrelid in (
       select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')`,
  );
  return new Set(rows.map(({ id }) => id));
};

const readConstraints = async () =>
  new Set(
    (await client.query<{ id: string }>(`select 'constraint ' || oid as id from pg_constraint`)).rows.map(
      ({ id }) => id,
    ),
  );

/** Runs a migration, and says what it makes while writers of a table that was there before and grows have to wait. */
async function faultsOf(text: string): Promise<string[]> {
  const faults: string[] = [];
  const growing = new Set((await readMade()).map(({ table }) => table).filter((table) => !small.has(table)));
  for (const part of transactionsOf(text)) {
    const [made, columns, constraints] = [await readMade(), await readColumns(), await readConstraints()];
    const before = new Set([...made.map(({ id }) => id), ...constraints]);
    await client.query(part);
    for (const { id, table, what, instead, ofColumns } of await readMade()) {
      const isOfNewColumns = ofColumns.length > 0 && ofColumns.every((column) => !columns.has(column));
      const isBeside = id.startsWith('index') && /^\s*create (unique )?index concurrently/m.test(part);
      if (growing.has(table) && !before.has(id) && !isOfNewColumns && !isBeside)
        faults.push(`${what} of ${table}: ${instead}`);
    }
  }
  return faults;
}

test('no migration reads a table that grows while those who write into it wait', async () => {
  await runner({
    dbClient: client,
    dir: folder,
    direction: 'up',
    migrationsTable: 'migrations',
    singleTransaction: false,
    migrationLoaderStrategies: [migrationFilesBefore(first)],
    log: () => undefined,
  });
  const names = readdirSync(folder)
    .toSorted()
    .filter((name) => name >= first);
  expect(names.length).toBeGreaterThan(5);
  const faults: Record<string, string[]> = {};
  for (const name of names) {
    const found = await faultsOf(readFileSync(`${folder}${name}`, 'utf8'));
    if (found.length > 0) faults[name] = found;
  }
  expect(faults).toEqual({});
}, 60_000);

test.each([
  ['create index words_by_word on words (word)', 'create index concurrently'],
  ['alter table words add unique (word)', 'create index concurrently'],
  ["alter table words add check (word <> '')", 'add it not valid'],
  ['alter table words add foreign key (id) references letters (id)', 'add it not valid'],
  [
    "alter table words add column kind text not null default 'x' check (kind in ('x', 'y'))",
    'add it not valid',
  ],
  ['alter table words alter column word set not null', 'add it not valid'],
  ['alter table words alter column id type bigint', 'fill it beside its writers'],
])('a migration that does is found: %s', async (statement, instead) => {
  await client.query(
    'create table letters (id integer primary key); create table words (id integer, word text)',
  );
  expect(await faultsOf(`-- Up Migration\n${statement};\n`)).toContainEqual(expect.stringContaining(instead));
});

test('one that waits for nobody is not, nor one that fills a table of its own', async () => {
  await client.query(
    'create table letters (id integer primary key); create table words (id integer, word text)',
  );
  const beside = `-- Up Migration
-- Outside a transaction
create index concurrently words_by_word on words (word);
alter table words add constraint words_word_check check (word <> '') not valid;
alter table words validate constraint words_word_check;
alter table words add constraint words_unique unique using index words_by_word_once;
`;
  const own = `-- Up Migration
create table lines (id integer primary key, word text not null check (word <> ''));
create index lines_by_word on lines (word);
alter table words add column line_id integer references lines (id), add column is_new boolean not null default true;
`;
  await client.query('create unique index words_by_word_once on words (word)');
  expect(await faultsOf(beside)).toEqual([]);
  expect(await faultsOf(own)).toEqual([]);
});
