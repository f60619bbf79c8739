import { join } from 'node:path';
import { createUsers, type DatabaseLogin } from '../../store/database/users.ts';
import type { PartRegistry } from '../part-registry.ts';
import type { DatabaseUrls, Ports } from '../part-settings.ts';
import type { Announce } from '../progress.ts';
import type { Secrets } from '../secrets.ts';
import { watchServer } from './children.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres.ts';
import { lastLines, logFile, logFolder } from './log-files.ts';
import { endProcess, identifyProcess, type KnownProcess } from './processes.ts';
import { findTemporalExecutable } from './temporal-executable.ts';
import { startTemporalServer } from './temporal-server.ts';

/** Folder of the embedded Postgres in a data folder. */
export function postgresFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/**
 * Starts the embedded Postgres, or uses the running one, with its users, and watches it. Its superuser makes the others,
 * also in a data folder of an earlier version, in which it did everything.
 */
export async function startPostgres(
  parts: PartRegistry,
  dataDir: string,
  port: number,
  secrets: Secrets,
): Promise<Required<DatabaseUrls>> {
  const folder = postgresFolder(dataDir);
  const users = {
    application: { name: 'hod_application', password: secrets.applicationPassword },
    migrations: { name: 'hod_migrations', password: secrets.migrationsPassword },
    retention: { name: 'hod_retention', password: secrets.retentionPassword },
    analytics: { name: 'hod_analytics', password: secrets.analyticsPassword },
  };
  const urlOf = ({ name, password }: DatabaseLogin) => `postgres://${name}:${password}@127.0.0.1:${port}/hod`;
  parts.onStop(() => stopEmbeddedPostgres(folder));
  const start = async () => {
    const password = secrets.postgresPassword;
    const { url, pid } = await startEmbeddedPostgres({ folder, port, password, database: 'hod' });
    const process = identifyProcess(pid);
    if (process === undefined) throw new Error(`Postgres ended at once: see ${folder}.log`);
    parts.recordPart('postgres', process, urlOf(users.migrations));
    return { url, process };
  };
  const { url, process } = await start();
  const restart = async () => (await start()).process;
  parts.onStop(watchServer({ name: 'Postgres', process, restart, onDied: parts.say }));
  await createUsers(url, users);
  return {
    databaseUrl: urlOf(users.application),
    migrationDatabaseUrl: urlOf(users.migrations),
    retentionDatabaseUrl: urlOf(users.retention),
    analyticsDatabaseUrl: urlOf(users.analytics),
  };
}

export interface TemporalStart {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  ports: Ports;
  /** The server that an earlier start left running, if it still works. */
  running?: KnownProcess;
  announce: Announce;
}

/** Starts Temporal's development server, or uses the one that is running, and watches it. @returns its address */
export async function startTemporal(parts: PartRegistry, options: TemporalStart): Promise<string> {
  const { dataDir, env, ports, running, announce } = options;
  const executable = await findTemporalExecutable(env, announce);
  const address = `127.0.0.1:${ports.TEMPORAL_PORT}`;
  let current: KnownProcess | undefined = running;
  parts.onStop(async () => {
    if (current !== undefined) await endProcess(current, 10_000);
  });
  const start = async () => {
    const server = await startTemporalServer({
      executable,
      port: ports.TEMPORAL_PORT,
      uiPort: ports.TEMPORAL_UI_PORT,
      databaseFile: join(dataDir, 'temporal.sqlite'),
      logFile: logFile(dataDir, 'temporal'),
      logFolder: logFolder(dataDir),
    }).catch((error: unknown) => {
      throw new Error(`Temporal does not start:\n${lastLines(dataDir, 'temporal')}`, { cause: error });
    });
    current = server.process;
    parts.recordPart('temporal', server.process, address);
    return server.process;
  };
  if (running !== undefined) parts.recordPart('temporal', running, address);
  const process = running ?? (await start());
  parts.onStop(watchServer({ name: 'Temporal', process, restart: start, onDied: parts.say }));
  return address;
}
