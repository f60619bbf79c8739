import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { migrate } from '../../../store/database/migrate.ts';
import { migrationFiles } from '../../../store/database/migration-files.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../harness/servers/postgres.ts';

const run = promisify(execFile);
const folder = new URL('../../../store/database/migrations', import.meta.url);

/** Runs one query on a database. */
async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Reads what migrating leaves: tables with columns, migrations with instants, reference data. */
async function contents(url: string) {
  return {
    columns: await ask(
      url,
      `select table_name, column_name, data_type, is_nullable from information_schema.columns
       where table_schema = 'public' order by table_name, column_name`,
    ),
    migrations: await ask<{ name: string }>(url, 'select name, run_on from migrations order by id'),
    files: await ask<{ name: string }>(url, 'select * from reference_files order by name'),
    counts: await ask(
      url,
      `select (select count(*) from zips) as zips, (select count(*) from marketplaces) as marketplaces,
              (select count(*) from lines_of_authority) as lines, (select count(*) from terms_documents) as terms,
              (select count(*) from consent_documents) as consents`,
    ),
  };
}

describe('migrating', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  test('an empty database makes it ready, and again changes nothing', async () => {
    await migrate(database.ownerUrl);
    const first = await contents(database.ownerUrl);
    expect(first.migrations.map(({ name }) => `${name}.sql`)).toEqual(readdirSync(folder).toSorted());
    expect(first.files.map(({ name }) => name)).toEqual([
      'lines_of_authority',
      'marketplaces',
      'zip_states',
      'zips',
    ]);
    await migrate(database.ownerUrl);
    expect(await contents(database.ownerUrl)).toEqual(first);
  });

  test('from several processes at once is safe: each succeeds, and it is done once', async () => {
    const all = await Promise.allSettled([1, 2, 3].map(() => migrate(database.ownerUrl)));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    const alone = await createTestDatabase();
    const [together, once] = [await contents(database.ownerUrl), await contents(alone.ownerUrl)];
    await alone.drop();
    expect(together.migrations.map(({ name }) => name)).toEqual(once.migrations.map(({ name }) => name));
    expect(together.columns).toEqual(once.columns);
    expect(together.counts).toEqual(once.counts);
  });

  test.each([
    ['a text', `update terms_documents set text = 'other words' where kind = 'terms-of-use'`, 'terms-of-use'],
    ['a scope', `update consent_documents set scope = '{name}' where kind = 'intake'`, 'intake'],
    ['a duration', `update consent_documents set duration_days = 60 where kind = 'texts'`, 'texts'],
  ])(
    'with %s that differs from a stored version is refused, and nothing is changed',
    async (_what, differs, kind) => {
      await migrate(database.ownerUrl);
      await ask(database.ownerUrl, differs);
      await ask(database.ownerUrl, `update reference_files set sha256 = '-' where name = 'marketplaces'`);
      const before = await contents(database.ownerUrl);
      await expect(migrate(database.ownerUrl)).rejects.toThrow(`${kind} 2027-1 is already in force`);
      expect(await contents(database.ownerUrl)).toEqual(before);
    },
  );
});

describe('a migration that needs a lock which somebody has', () => {
  let database: TestDatabase;
  let holder: Client;
  beforeEach(async () => {
    database = await createTestDatabase();
    await ask(database.ownerUrl, `update reference_files set sha256 = '-' where name = 'marketplaces'`);
    holder = new Client({ connectionString: database.ownerUrl });
    await holder.connect();
    await holder.query('begin; lock table marketplaces in share mode');
  });
  afterEach(async () => {
    await holder.end();
    await database.drop();
  });

  test('gives way again and again, and fails once its time is over; nothing is changed', async () => {
    let times = 0;
    const options = { lockMs: 50, giveUpAfterMs: 2_500, onLocked: () => (times += 1) };
    await expect(migrate(database.ownerUrl, options)).rejects.toMatchObject({ code: '55P03' });
    expect(times).toBeGreaterThanOrEqual(2);
    expect(
      await ask(database.ownerUrl, `select sha256 from reference_files where name = 'marketplaces'`),
    ).toEqual([{ sha256: '-' }]);
  });

  test('is done once the lock is free', async () => {
    const free = () => void holder.query('rollback');
    await migrate(database.ownerUrl, { lockMs: 50, giveUpAfterMs: 30_000, onLocked: free });
    const [row] = await ask<{ sha256: string }>(
      database.ownerUrl,
      `select sha256 from reference_files where name = 'marketplaces'`,
    );
    expect(row?.sha256).not.toBe('-');
  });
});

test('a migration outside a transaction builds its index beside writers, and can be repeated', async () => {
  const database = await createEmptyDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(dir, '0001_words.sql'), '-- Up Migration\ncreate table words (word text);\n');
  writeFileSync(
    join(dir, '0002_index.sql'),
    `-- Up Migration
-- Outside a transaction
drop index concurrently if exists words_by_word;
create index concurrently words_by_word
  on words (word);
`,
  );
  const up = () =>
    runner({
      databaseUrl: database.ownerUrl,
      dir,
      direction: 'up',
      migrationsTable: 'migrations',
      singleTransaction: false,
      migrationLoaderStrategies: [migrationFiles],
      log: () => undefined,
    });
  await up();
  await ask(database.ownerUrl, `delete from migrations where name = '0002_index'`);
  expect((await up()).map(({ name }) => name)).toEqual(['0002_index']);
  expect(
    await ask(
      database.ownerUrl,
      `select indisvalid from pg_index where indexrelid = 'words_by_word'::regclass`,
    ),
  ).toEqual([{ indisvalid: true }]);
  rmSync(dir, { recursive: true });
  await database.drop();
});

test('the types of the tables are those of the migrations', async () => {
  const database = await createTestDatabase();
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const codegen = fileURLToPath(
    new URL('../../../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url),
  );
  const options = [
    '--dialect',
    'postgres',
    '--camel-case',
    '--exclude-pattern',
    'migrations',
    '--verify',
    '--type-mapping',
    '{"int8":"number","date":"string"}',
    '--out-file',
    'store/database/schema.ts',
    '--url',
    database.ownerUrl,
  ];
  try {
    await expect(run(process.execPath, [codegen, ...options], { cwd: root })).resolves.toBeDefined();
  } finally {
    await database.drop();
  }
});
