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
  /** This process, to be noted. */
  self: KnownProcess;
  /** A Temporal server that goes on. */
  temporal?: KnownProcess;
  /** The ports that are to be free now: all that we listen on and no server of ours holds. */
  portsToCheck: Partial<Ports>;
}

/** How long a start that runs may take to drain and end everything. */
const previousStartDrainMs = 60_000;

/**
 * Makes room on a data folder: an earlier `npm start` that still runs is asked to end; of one that was killed,
 * worker, API and outbox are ended, while its Postgres and Temporal servers go on if their ports are still the
 * wanted ones.
 */
export async function takeOver({ dataDir, ports, embedded, say }: TakeOverOptions): Promise<TakeOverResult> {
  const self = identifyProcess(process.pid);
  if (self === undefined) throw new Error('The system does not tell about this process');
  await endPrograms(dataDir, say);
  const left = readStartedProcesses(dataDir).temporal;
  const goesOn = left !== undefined && embedded.temporal && (await servesOn(left, ports));
  if (left !== undefined && !goesOn) await endProcess(left, 10_000);
  if (!embedded.postgres) await stopEmbeddedPostgres(postgresFolder(dataDir));

  const portsToCheck: Partial<Ports> = { ...ports };
  const ownsPostgresPort = runningPort(postgresFolder(dataDir)) === ports.POSTGRES_PORT;
  if (!embedded.postgres || ownsPostgresPort) delete portsToCheck.POSTGRES_PORT;
  if (!embedded.outbox) delete portsToCheck.OUTBOX_PORT;
  if (!embedded.temporal || goesOn) {
    delete portsToCheck.TEMPORAL_PORT;
    delete portsToCheck.TEMPORAL_UI_PORT;
  }
  return { self, temporal: goesOn ? left : undefined, portsToCheck };
}

/** Ends whatever was started on a data folder, its servers included. */
export async function endEverything(dataDir: string, say: (line: string) => void): Promise<void> {
  await endPrograms(dataDir, say);
  const { temporal } = readStartedProcesses(dataDir);
  if (temporal !== undefined) await endProcess(temporal, 10_000);
  await stopEmbeddedPostgres(postgresFolder(dataDir));
  removeRunFile(dataDir);
}

/**
 * Ends whatever was started on a data folder with no time to finish anything, for whoever does not want to wait. Nothing
 * that was recorded is lost: Postgres and Temporal recover when they start again.
 */
export function killEverything(dataDir: string): void {
  const { api, worker, outbox, temporal, postgres } = readStartedProcesses(dataDir);
  for (const known of [api, worker, outbox, temporal]) if (known !== undefined) killProcess(known);
  // killed by force it would leave its children, and its memory, behind
  if (postgres !== undefined) killProcess(postgres, 'SIGQUIT');
}

async function endPrograms(dataDir: string, say: (line: string) => void): Promise<void> {
  const left = readStartedProcesses(dataDir);
  if (left.start !== undefined && left.start.pid !== process.pid && isRunning(left.start)) {
    say(`  An earlier npm start (pid ${left.start.pid}) runs on ${dataDir}: ending it first`);
    await endProcess(left.start, previousStartDrainMs);
  }
  for (const name of ['api', 'worker', 'outbox'] as const) {
    const known = left[name];
    if (known !== undefined) await endProcess(known, 10_000);
  }
}

/** Whether a Temporal server of ours listens on the wanted ports and answers. */
async function servesOn(server: KnownProcess, ports: Ports): Promise<boolean> {
  if (!isRunning(server)) return false;
  const words = commandOf(server.pid)?.split(' ') ?? [];
  const after = (flag: string) => words[words.indexOf(flag) + 1];
  const isWanted =
    after('--port') === String(ports.TEMPORAL_PORT) && after('--ui-port') === String(ports.TEMPORAL_UI_PORT);
  return isWanted && (await isServing(`127.0.0.1:${ports.TEMPORAL_PORT}`));
}
