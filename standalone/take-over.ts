import type { EmbeddedParts, Ports } from './part-settings.ts';
import { readStartedProcesses, removeRunFile } from './run-file.ts';
import { runningPort, stopEmbeddedPostgres } from './services/embedded-postgres.ts';
import {
  commandOf,
  endProcess,
  identifyProcess,
  isRunning,
  type KnownProcess,
  killProcess,
} from './services/processes.ts';
import { postgresFolder } from './services/servers.ts';
import { isServing } from './services/temporal-server.ts';

export interface TakeOverOptions {
  dataDir: string;
  ports: Ports;
  embedded: EmbeddedParts;
  say: (line: string) => void;
}

export interface TakeOverResult {
  /** This process, to be recorded. */
  self: KnownProcess;
  /** The Temporal server that keeps running. */
  temporal?: KnownProcess;
  /** Ports that must be free now: all except those of our own running servers. */
  portsToCheck: Partial<Ports>;
}

/** Time for an earlier start to drain and stop everything. */
const previousStartDrainMs = 60_000;

/**
 * Takes over a data folder. An earlier `npm start` that still runs is asked to stop. If it was killed, its worker, API and
 * mailbox are stopped, while its Postgres and Temporal servers keep running if their ports are still the same.
 */
export async function takeOver({ dataDir, ports, embedded, say }: TakeOverOptions): Promise<TakeOverResult> {
  const self = identifyProcess(process.pid);
  if (self === undefined) throw new Error('Could not read the start time of this process');
  await endPrograms(dataDir, say);
  const previous = readStartedProcesses(dataDir).temporal;
  const keepsRunning = previous !== undefined && embedded.temporal && (await servesOn(previous, ports));
  if (previous !== undefined && !keepsRunning) await endProcess(previous, 10_000);
  if (!embedded.postgres) await stopEmbeddedPostgres(postgresFolder(dataDir));

  const portsToCheck: Partial<Ports> = { ...ports };
  const ownsPostgresPort = runningPort(postgresFolder(dataDir)) === ports.POSTGRES_PORT;
  if (!embedded.postgres || ownsPostgresPort) delete portsToCheck.POSTGRES_PORT;
  if (!embedded.outbox) delete portsToCheck.OUTBOX_PORT;
  if (!embedded.temporal || keepsRunning) {
    delete portsToCheck.TEMPORAL_PORT;
    delete portsToCheck.TEMPORAL_UI_PORT;
  }
  return { self, temporal: keepsRunning ? previous : undefined, portsToCheck };
}

/** Stops everything that was started on a data folder, including its servers. */
export async function endEverything(dataDir: string, say: (line: string) => void): Promise<void> {
  await endPrograms(dataDir, say);
  const { temporal } = readStartedProcesses(dataDir);
  if (temporal !== undefined) await endProcess(temporal, 10_000);
  await stopEmbeddedPostgres(postgresFolder(dataDir));
  removeRunFile(dataDir);
}

/**
 * Kills everything that was started on a data folder, without waiting for work in progress. No recorded data is lost:
 * Postgres and Temporal recover at the next start.
 */
export function killEverything(dataDir: string): void {
  const { api, worker, outbox, temporal, postgres } = readStartedProcesses(dataDir);
  for (const known of [api, worker, outbox, temporal]) if (known !== undefined) killProcess(known);
  // SIGKILL would leave its child processes and its shared memory behind
  if (postgres !== undefined) killProcess(postgres, 'SIGQUIT');
}

async function endPrograms(dataDir: string, say: (line: string) => void): Promise<void> {
  const previous = readStartedProcesses(dataDir);
  if (previous.start !== undefined && previous.start.pid !== process.pid && isRunning(previous.start)) {
    say(`  An earlier npm start (pid ${previous.start.pid}) uses ${dataDir}. Stopping it first`);
    await endProcess(previous.start, previousStartDrainMs);
  }
  for (const name of ['api', 'worker', 'outbox'] as const) {
    const known = previous[name];
    if (known !== undefined) await endProcess(known, 10_000);
  }
}

/** Checks if our Temporal server listens on the wanted ports and answers. */
async function servesOn(server: KnownProcess, ports: Ports): Promise<boolean> {
  if (!isRunning(server)) return false;
  const words = commandOf(server.pid)?.split(' ') ?? [];
  const after = (flag: string) => words[words.indexOf(flag) + 1];
  const isWanted =
    after('--port') === String(ports.TEMPORAL_PORT) && after('--ui-port') === String(ports.TEMPORAL_UI_PORT);
  return isWanted && (await isServing(`127.0.0.1:${ports.TEMPORAL_PORT}`));
}
