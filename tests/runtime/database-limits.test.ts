import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { Client } from 'pg';
import { type DatabaseLimits, databaseLimits } from '../../domain/time-limits.ts';
import { createDatabase, createPool } from '../../runtime/database.ts';
import { createEmptyDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { openPostgresProxy } from '../harness/servers/postgres-proxy.ts';

let testDatabase: TestDatabase;
let holder: Client;
beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  holder = new Client({ connectionString: testDatabase.ownerUrl });
  await holder.connect();
  await holder.query('create table offers (id integer primary key); insert into offers values (1)');
});
afterAll(async () => {
  await holder.end();
  await testDatabase.drop();
});

/** Opens a database whose limits are far above these, which a test is about. */
async function withLimits<T>(
  limits: Partial<DatabaseLimits>,
  work: (db: Kysely<unknown>) => Promise<T>,
  { url = testDatabase.ownerUrl, poolSize = 2 } = {},
): Promise<T> {
  const db = createDatabase<unknown>(url, { poolSize, limits: { ...databaseLimits, ...limits } });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const lockOffer = sql`select from offers where id = 1 for update`;
const sleepFor = (seconds: number) => sql`select pg_sleep(${seconds})`;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

test('a transaction that waits for a row gives up with an error that may be retried, and succeeds once the row is free', async () => {
  await holder.query('begin; select from offers for update');
  await withLimits({ lockMs: 100 }, async (db) => {
    const lock = () => db.transaction().execute((tx) => lockOffer.execute(tx));
    expect(await codeOf(lock())).toBe('55P03');
    await holder.query('commit');
    expect(await codeOf(lock())).toBe('done');
  });
});

test('a statement that writes outside a transaction has the same limits, and leaves none behind', async () => {
  const writeOffer = sql<{ id: number }>`update offers set id = 1 returning id`;
  const work = async (db: Kysely<unknown>) => {
    await holder.query('begin; select from offers for update');
    expect(await codeOf(writeOffer.execute(db))).toBe('55P03');
    await holder.query('commit');
    expect((await writeOffer.execute(db)).rows).toEqual([{ id: 1 }]);
    expect(await codeOf(sql`insert into offers select 2 from pg_sleep(30)`.execute(db))).toBe('57014');
    const { rows } = await sql`select current_setting('lock_timeout') as limit`.execute(db);
    expect(rows).toEqual([{ limit: '0' }]);
    expect((await holder.query('select id from offers')).rows).toEqual([{ id: 1 }]);
  };
  await withLimits({ lockMs: 100, statementMs: 300 }, work, { poolSize: 1 });
});

test('a statement, and a transaction of many statements, end at their limits', async () => {
  await withLimits({ statementMs: 100 }, async (db) => {
    expect(await codeOf(db.transaction().execute((tx) => sleepFor(30).execute(tx)))).toBe('57014');
  });
  await withLimits({ transactionMs: 300 }, async (db) => {
    const many = db.transaction().execute(async (tx) => {
      for (;;) await sleepFor(0.05).execute(tx);
    });
    // Postgres ends the whole connection, and its reason may come too late
    expect(await codeOf(many)).toMatch(/25P04|Connection terminated|connection error/);
    expect(await codeOf(sql`select 1`.execute(db))).toBe('done');
  });
});

test('a transaction whose process falls silent lets go of its locks', async () => {
  await withLimits({ idleMs: 100, transactionMs: 600_000 }, async (db) => {
    let goOn: () => void = () => undefined;
    const silence = new Promise<void>((resolve) => (goOn = resolve));
    let isLocked: () => void = () => undefined;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const silent = db.transaction().execute(async (tx) => {
      await lockOffer.execute(tx);
      isLocked();
      await silence;
      await lockOffer.execute(tx);
    });
    const ended = codeOf(silent);
    await locked;
    // waits for the row until the silent transaction is ended
    await holder.query('select from offers for update');
    goOn();
    expect(await ended).not.toBe('done');
  });
});

test('a query waits for a connection of the pool no longer than the limit', async () => {
  await withLimits(
    { waitMs: 2_000 },
    async (db) => {
      await db.transaction().execute(async () => {
        await expect(sql`select 1`.execute(db)).rejects.toThrow('timeout exceeded when trying to connect');
      });
    },
    { poolSize: 1 },
  );
});

test('a query to which no answer comes fails, inside a transaction and outside, and its connection is replaced', async () => {
  const proxy = await openPostgresProxy(testDatabase.ownerUrl);
  const work = async (db: Kysely<unknown>) => {
    await sql`select 1`.execute(db);
    proxy.silence();
    expect(await codeOf(sql`select 1`.execute(db))).toBe('Connection terminated unexpectedly');
    expect(await codeOf(db.transaction().execute((tx) => lockOffer.execute(tx)))).toMatch(
      /terminated|timeout/i,
    );
  };
  await withLimits({ statementMs: 10, waitMs: 200 }, work, { url: proxy.url });
  await proxy.close();
});

test('limits end with their transaction, so that a pooler can give the connection to somebody else', async () => {
  const readLimits = sql<{ lock: string; statement: string; transaction: string; idle: string }>`
    select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
           current_setting('transaction_timeout') as transaction,
           current_setting('idle_in_transaction_session_timeout') as idle`;
  await withLimits(
    {},
    async (db) => {
      const [inside] = (await db.transaction().execute((tx) => readLimits.execute(tx))).rows;
      expect(inside).toEqual({ lock: '4s', statement: '8s', transaction: '12s', idle: '10s' });
      const [outside] = (await readLimits.execute(db)).rows;
      expect(outside).toEqual({ lock: '0', statement: '0', transaction: '0', idle: '0' });
      const isolated = db.transaction().setIsolationLevel('repeatable read');
      expect((await isolated.execute((tx) => readLimits.execute(tx))).rows[0]).toEqual(inside);
    },
    { poolSize: 1 },
  );
});

test('the transaction of an import has limits of its own', async () => {
  const pool = createPool(testDatabase.ownerUrl, { poolSize: 1 });
  const client = await pool.connect();
  await client.query('begin');
  const { rows } = await client.query('show transaction_timeout');
  expect(rows).toEqual([{ transaction_timeout: '1h' }]);
  await client.query('rollback');
  client.release();
  await pool.end();
});
