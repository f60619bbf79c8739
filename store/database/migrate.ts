import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
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

/** Lock not available, deadlock detected. */
const lockedCodes: ReadonlySet<unknown> = new Set(['55P03', '40P01']);
/** Milliseconds between two attempts, in which whatever waited behind the migration gets its turn. */
const pauseMs = 1_000;

/**
 * Brings a database up to date: runs the new migrations in order, each in a transaction of its own unless its file says
 * otherwise, then loads the reference data whose files have changed. Safe to repeat and to run from several processes at
 * once (one waits for the other). Everything that wants a table waits behind a migration that waits for its lock, so a
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

/** The migration that drops the columns of contacts in clear: what is in them is encrypted before. */
const noClearContacts = '0114_no_clear_contacts';

async function migrateOnce(databaseUrl: string, { lockMs, encryptContacts }: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // an index over a large table may take long; only waiting is limited
    await client.query(
      `set lock_timeout = ${lockMs}; set statement_timeout = 0; set transaction_timeout = 0`,
    );
    if (encryptContacts) {
      await runMigrations(client, migrationFilesBefore(noClearContacts));
      await encryptContacts();
    }
    await runMigrations(client, migrationFiles);
    // and what stays in its table, encrypted beside it
    await encryptContacts?.();
    await inTransaction(client, async () => {
      await client.query("select pg_advisory_xact_lock(hashtext('reference data'))");
      await loadReferenceData(client);
    });
  } finally {
    // also what a failed migration has left open and locked
    await client.end();
  }
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
    advisoryLockMode: 'wait',
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
