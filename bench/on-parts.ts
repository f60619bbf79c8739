import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createPool } from '../runtime/database.ts';
import { unlessAborted } from '../runtime/stop-signals.ts';
import { chooseFreePorts } from '../standalone/part-settings.ts';
import { createProgress } from '../standalone/progress.ts';
import type { Programs } from '../standalone/services/programs.ts';
import { startParts } from '../standalone/start-parts.ts';

/** The whole service as `npm start` runs it, for one measurement. */
export interface RunningService {
  apiUrl: string;
  mailboxUrl: string;
  feedsKey: string;
  databaseUrl: string;
  /** Variables of its processes, with the addresses of its servers. */
  env: Readonly<Record<string, string>>;
  /** Holds the files of the measurement. */
  folder: string;
  pool: Pool;
}

/** How the service is run for a measurement. */
interface RunOptions {
  /** Settings that differ from those of `npm start`. */
  variables: Readonly<Record<string, string>>;
  /** Programs in place of those of the build. */
  programs?: Programs;
  /** Ends the measurement; everything is removed then too. */
  signal: AbortSignal;
}

/**
 * Runs the whole service without sample data, with these settings and on free ports, and removes it after `use`.
 * @throws the error of `use`, or the signal's reason
 */
export async function onParts<Result>(
  { variables, programs, signal }: RunOptions,
  use: (service: RunningService) => Promise<Result>,
): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hod-bench-'));
  const folder = join(dataDir, 'bench');
  mkdirSync(folder);
  const env = { ...process.env, ...variables, ...(await chooseFreePorts(process.env)), DATA_DIR: dataDir };
  let parts: Awaited<ReturnType<typeof startParts>> | undefined;
  let pool: Pool | undefined;
  try {
    const progress = createProgress(() => undefined, signal);
    parts = await startParts({ dataDir, env, progress, programs, signal });
    const { apiUrl, mailboxUrl = '' } = parts;
    const { feedsKey, env: own } = parts.run();
    // a measurement also empties tables and installs triggers
    const databaseUrl = own['MIGRATION_DATABASE_URL'] ?? own['DATABASE_URL'] ?? '';
    pool = createPool(databaseUrl, { poolSize: 4, name: 'bench' });
    const service = { apiUrl, mailboxUrl, feedsKey, databaseUrl, env: own, folder, pool };
    return await unlessAborted(signal, use(service));
  } finally {
    await pool?.end();
    await parts?.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
