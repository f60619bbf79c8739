import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { migrationLimits } from '../../domain/time-limits.ts';
import { migrationFiles, migrationFilesBefore } from './migration-files.ts';
import { loadReferenceData } from './reference/load.ts';

/** How long a migration waits for locks, and who hears that it does. */
export interface MigrateOptions {
  lockMs: number;
  giveUpAfterMs: number;
  /** Called each time that a lock was not to be had, before the next attempt. */
  onLocked?: (error: Error) => void;
  /** Encrypts what a database of before has in clear; it does nothing in one without. A new database needs none. */
  encryptContacts?: () => Promise<unknown>;
}

/** Code of Postgres for a lock that is not to be had. */
const lockNotAvailable = '55P03';
/** That, and a deadlock. */
const lockedCodes: ReadonlySet<unknown> = new Set([lockNotAvailable, '40P01']);
/** Milliseconds between two attempts, in which whatever waited behind the migration gets its turn. */
const pauseMs = 1_000;

/**
 * Brings a database up to date: runs the new migrations in order, each in a transaction of its own unless its file says
 * otherwise, then loads the reference data whose files have changed. Safe to repeat and to run from several processes at
 * once (one does it, the others try again until it is done). Everything that wants a table waits behind a migration that waits for its lock, so a
 * migration soon gives way and tries again.
 * @throws the error of the first migration that fails, or whose lock was not to be had in all the time; the migrations
 * before it are done, it has changed nothing, and the next run goes on with it
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = migrationLimits): Promise<void> {
  const giveUpAt = performance.now() + options.giveUpAfterMs;
  for (;;) {
    try {
      return await migrateOnce(databaseUrl, options);
    } catch (error) {
      if (!isLocked(error) || performance.now() + pauseMs > giveUpAt) throw error;
      options.onLocked?.(error);
      await sleep(pauseMs);
    }
  }
}

function isLocked(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && lockedCodes.has(error.code);
}

/** The migrations that drop columns with something of consumers in clear: what is in them is encrypted before each. */
const dropsOfClearColumns = ['0114_no_clear_contacts', '0131_no_clear_wishes'] as const;

async function migrateOnce(databaseUrl: string, { lockMs, encryptContacts }: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // an index over a large table may take long; only waiting is limited
    await client.query(
      `set lock_timeout = ${lockMs}; set statement_timeout = 0; set transaction_timeout = 0`,
    );
    await lockMigrations(client);
    if (encryptContacts)
      for (const migration of dropsOfClearColumns) {
        await runMigrations(client, migrationFilesBefore(migration));
        await encryptContacts();
      }
    await runMigrations(client, migrationFiles);
    await inTransaction(client, async () => {
      await client.query("select pg_advisory_xact_lock(hashtext('reference data'))");
      await loadReferenceData(client);
    });
  } finally {
    // also what a failed migration has left open and locked
    await client.end();
  }
}

/**
 * Has this connection alone migrate, until it ends. Waits for no other process: an index is built concurrently only once every
 * statement that began before has ended, and a wait for this lock would be one.
 * @throws an error with the code of a lock that is not to be had
 */
async function lockMigrations(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ is_ours: boolean }>('select pg_try_advisory_lock($1) as is_ours', [
    PG_MIGRATE_LOCK_ID,
  ]);
  if (!rows[0]?.is_ours)
    throw Object.assign(new Error('another process is migrating this database'), { code: lockNotAvailable });
}

async function runMigrations(dbClient: pg.Client, files: typeof migrationFiles): Promise<void> {
  await runner({
    dbClient,
    dir: fileURLToPath(new URL('migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'migrations',
    checkOrder: true,
    singleTransaction: false,
    migrationLoaderStrategies: [files],
    // `lockMigrations` has it
    noLock: true,
    log: () => undefined,
  });
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
