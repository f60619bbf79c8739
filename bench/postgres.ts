import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { importLimitMs } from '../domain/time-limits.ts';
import { createDatabase, createPool, importLimits } from '../runtime/database.ts';
import { unlessAborted } from '../runtime/stop-signals.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../standalone/services/embedded-postgres.ts';
import { freePort } from '../standalone/services/ports.ts';
import type { Database } from '../store/database/connection.ts';
import { migrate } from '../store/database/migrate.ts';
import type { DB } from '../store/database/schema.ts';

/** A migrated Postgres for one measurement, and a folder for its files. Both are deleted after `use`. */
export interface Bench {
  url: string;
  pool: Pool;
  db: Database;
  folder: string;
  /** Aborted when the measurement and the processes that it started must end. */
  signal: AbortSignal;
}

/**
 * Starts Postgres with its durable defaults, because figures with `fsync=off` would not be realistic.
 *
 * @param signal ends the measurement; server and files are removed then too
 * @param options other settings of Postgres, where it is not what is measured
 * @throws the error of `use`, or the signal's reason
 */
export async function onBench<Result>(
  signal: AbortSignal,
  use: (bench: Bench) => Promise<Result>,
  options: readonly string[] = [],
): Promise<Result> {
  signal.throwIfAborted();
  const parent = mkdtempSync(join(tmpdir(), 'hod-bench-'));
  const cluster = join(parent, 'postgres');
  const folder = join(parent, 'files');
  mkdirSync(folder);
  const started = startOn(cluster, options);
  try {
    const work = started.then((url) => onServer(url, (on) => use({ ...on, folder, signal })));
    return await unlessAborted(signal, work);
  } finally {
    // a server can be stopped only after it has started
    await started.catch(() => undefined);
    await stopEmbeddedPostgres(cluster, 'immediate');
    rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function onServer<Result>(
  url: string,
  use: (server: Pick<Bench, 'url' | 'pool' | 'db'>) => Promise<Result>,
): Promise<Result> {
  await migrate(url);
  // when the server is stopped during a measurement, only its queries fail
  const pool = createPool(url, { poolSize: 1, name: 'bench' });
  // filling a database takes longer than anybody would wait for
  const db = createDatabase<DB>(url, { poolSize: 1, limits: importLimits(importLimitMs) });
  try {
    return await use({ url, pool, db });
  } finally {
    await Promise.all([pool.end(), db.destroy()]);
  }
}

async function startOn(cluster: string, options: readonly string[]): Promise<string> {
  const { url } = await startEmbeddedPostgres({
    folder: cluster,
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    database: 'hod',
    options,
  });
  return url;
}
