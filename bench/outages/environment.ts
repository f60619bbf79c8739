import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createPool } from '../../runtime/database.ts';
import { chooseFreePorts } from '../../standalone/part-settings.ts';
import { createProgress } from '../../standalone/progress.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../standalone/services/embedded-postgres.ts';
import { lastLines } from '../../standalone/services/log-files.ts';
import { freePort } from '../../standalone/services/ports.ts';
import { endProcess } from '../../standalone/services/processes.ts';
import { findTemporalExecutable } from '../../standalone/services/temporal-executable.ts';
import { startTemporalServer } from '../../standalone/services/temporal-server.ts';
import { startParts } from '../../standalone/start-parts.ts';
import { installOfferTriggers } from '../load-test/invariants.ts';
import { type Link, openLink } from './link.ts';
import { installClockTriggers } from './promises.ts';

/** The service with its Postgres and its Temporal behind links that can be cut. */
export interface OutageEnvironment {
  apiUrl: string;
  mailboxUrl: string;
  feedsKey: string;
  /** Holds the files of the run. */
  folder: string;
  /** Reaches Postgres without its link. */
  pool: Pool;
  links: { postgres: Link; temporal: Link };
  /** The process of the API or the worker, as it is now. */
  pidOf: (name: 'api' | 'worker') => number;
}

/**
 * Starts the service on servers of its own, with these settings, and removes everything after `use`.
 * @param signal ends the run; everything is removed then too
 */
export async function onSeverableParts<Result>(
  { variables, signal }: { variables: Readonly<Record<string, string>>; signal: AbortSignal },
  use: (environment: OutageEnvironment) => Promise<Result>,
): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hod-outages-'));
  const folder = join(dataDir, 'feeds');
  mkdirSync(folder);
  const cleanUp: (() => Promise<unknown>)[] = [];
  try {
    const servers = await startLinkedServers(dataDir, cleanUp);
    const ports = await chooseFreePorts({});
    const own = {
      DATABASE_URL: servers.databaseUrl,
      TEMPORAL_ADDRESS: `127.0.0.1:${servers.links.temporal.port}`,
    };
    const parts = await startParts({
      dataDir,
      env: { ...process.env, ...variables, ...ports, ...own, DATA_DIR: dataDir },
      progress: createProgress(() => undefined, signal),
      signal,
    });
    cleanUp.push(parts.stop);
    const pool = createPool(servers.directUrl, { poolSize: 4, name: 'outages' });
    cleanUp.push(() => pool.end());
    await installOfferTriggers(pool, { openOffers: 1, uncontacted: 3 });
    await installClockTriggers(pool);
    const used = use({
      apiUrl: parts.apiUrl,
      mailboxUrl: parts.mailboxUrl ?? '',
      feedsKey: parts.run().feedsKey,
      folder,
      pool,
      links: servers.links,
      pidOf(name) {
        const pid = parts.run().parts[name]?.pid;
        if (pid === undefined) throw new Error(`There is no process of the ${name}`);
        return pid;
      },
    });
    return await used.catch((error: Error) => {
      throw signal.aborted ? error : withLogs(error, dataDir);
    });
  } finally {
    for (const clean of cleanUp.toReversed()) await clean();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Adds the ends of the logs to the error: nothing else of the run is left. */
function withLogs(error: Error, dataDir: string): Error {
  const logs = ['api', 'worker'].map(
    (name) => `\nEnd of the log of the ${name}:\n${lastLines(dataDir, name)}`,
  );
  return new Error(error.message + logs.join(''), { cause: error });
}

async function startLinkedServers(dataDir: string, cleanUp: (() => Promise<unknown>)[]) {
  mkdirSync(join(dataDir, 'servers'), { mode: 0o755 });
  const cluster = join(dataDir, 'servers', 'postgres');
  cleanUp.push(() => stopEmbeddedPostgres(cluster, 'immediate'));
  const { url: directUrl } = await startEmbeddedPostgres({
    folder: cluster,
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    database: 'hod',
  });
  const temporalPort = await freePort();
  const temporal = await startTemporalServer({
    executable: await findTemporalExecutable(process.env, () => undefined),
    port: temporalPort,
    logFile: join(dataDir, 'servers', 'temporal.log'),
    logFolder: join(dataDir, 'servers'),
  });
  cleanUp.push(() => endProcess(temporal.process, 10_000));
  const links = {
    postgres: await openLink(Number(new URL(directUrl).port)),
    temporal: await openLink(temporalPort),
  };
  cleanUp.push(links.postgres.close, links.temporal.close);
  const databaseUrl = Object.assign(new URL(directUrl), { port: String(links.postgres.port) }).href;
  return { directUrl, databaseUrl, links };
}
