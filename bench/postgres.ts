import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createDatabase, createPool } from '../runtime/database.ts';
import { unlessAborted } from '../runtime/stop-signals.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../standalone/services/embedded-postgres.ts';
import { freePort } from '../standalone/services/ports.ts';
import type { Database } from '../store/database/connection.ts';
import { migrate } from '../store/database/migrate.ts';
import type { DB } from '../store/database/schema.ts';

/** A migrated Postgres of the measurement's own, and a folder beside it; both are gone after `use`. */
export interface Bench {
  url: string;
  pool: Pool;
  db: Database;
  folder: string;
  /** Aborted when the measurement has to end, and with it the processes that it started. */
  signal: AbortSignal;
}

/**
 * Starts Postgres with its durable defaults: a figure that was gained by `fsync=off` would promise nothing.
 *
 * @param signal ends the measurement when it is aborted, which leaves nothing behind either
 * @throws whatever `use` throws, or the signal's reason
 */
export async function onBench<Result>(
  signal: AbortSignal,
  use: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const parent = mkdtempSync(join(tmpdir(), 'hod-bench-'));
  const cluster = join(parent, 'postgres');
  const folder = join(parent, 'files');
  mkdirSync(folder);
  const started = startOn(cluster);
  try {
    const work = started.then((url) => onServer(url, (on) => use({ ...on, folder, signal })));
    return await unlessAborted(signal, work);
  } finally {
    // a server that is just starting could not be stopped
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
  // a server that is stopped under a measurement fails its queries, and nothing else
  const pool = createPool(url, { poolSize: 1, name: 'bench' });
  const db = createDatabase<DB>(url, { poolSize: 1 });
  try {
    return await use({ url, pool, db });
  } finally {
    await Promise.all([pool.end(), db.destroy()]);
  }
}

async function startOn(cluster: string): Promise<string> {
  const { url } = await startEmbeddedPostgres({
    folder: cluster,
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    database: 'hod',
  });
  return url;
}
