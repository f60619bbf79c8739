import { unlessAborted } from '../runtime/stop-signals.ts';
import { createPartRegistry, type PartRegistry } from './part-registry.ts';
import {
  type EmbeddedParts,
  type Ports,
  partVariables,
  readEmbeddedParts,
  readPorts,
} from './part-settings.ts';
import type { Progress } from './progress.ts';
import type { Login, RunFile } from './run-file.ts';
import {
  hasSamplePast,
  type LoadSampleData,
  loadSampleDataOnce,
  writeSamplePastOnce,
} from './sample/sample-data.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { assertPortsAreFree } from './services/ports.ts';
import { makePrivateFolder } from './services/private-files.ts';
import type { KnownProcess } from './services/processes.ts';
import { builtPrograms, type Programs } from './services/programs.ts';
import { startPostgres, startTemporal } from './services/servers.ts';
import { type RunningPrograms, startPrograms } from './services/start-programs.ts';
import { takeOver } from './take-over.ts';

export interface StartPartsOptions {
  /** Absolute path of the data folder. */
  dataDir: string;
  /** Environment of the person who starts: ports, policy, external servers. */
  env: NodeJS.ProcessEnv;
  progress: Progress;
  /** Loads the sample data into a fresh system; without it there is none. */
  loadSampleData?: LoadSampleData;
  /** The programs of the build by default. */
  programs?: Programs;
  /** Cancels the start. */
  signal: AbortSignal;
}

export interface RunningParts extends RunningPrograms {
  /** Returns the current content of `run.json`. Process ids change when a part is restarted. */
  run: () => RunFile;
  /** Address of Temporal's UI; undefined for an external Temporal server. */
  temporalUiUrl?: string;
  /** Drains and stops everything, in the reverse order of the start. */
  stop: () => Promise<void>;
}

/** Values that the steps of one start share. */
interface Start extends StartPartsOptions {
  parts: PartRegistry;
  ports: Ports;
  embedded: EmbeddedParts;
  secrets: Secrets;
  hasPast: boolean;
  step: Progress['step'];
}

/**
 * Runs the whole system on this machine: builds it, starts Postgres and Temporal unless the environment names external
 * ones, migrates the database, provisions Temporal, then starts worker and API. Processes of an earlier start on the same
 * data folder are reused or stopped. If a step fails, everything that was started is stopped.
 * @throws an error that says what failed and where to look
 */
export async function startParts(options: StartPartsOptions): Promise<RunningParts> {
  const { dataDir, env, progress, signal } = options;
  const ports = readPorts(env);
  makePrivateFolder(dataDir);
  const parts = createPartRegistry(dataDir, progress.say);
  const start: Start = {
    ...options,
    parts,
    ports,
    embedded: readEmbeddedParts(env),
    secrets: readSecrets(dataDir),
    hasPast: hasSamplePast(env),
    step(label, work) {
      signal.throwIfAborted();
      return progress.step(label, work);
    },
  };
  try {
    return await startAll(start);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function startAll(start: Start): Promise<RunningParts> {
  const { dataDir, env, parts, ports, embedded, secrets, step, signal, progress } = start;
  const programs = start.programs ?? builtPrograms;
  const takenOver = await takeOver({ dataDir, ports, embedded, say: progress.say });
  parts.recordProcess('start', takenOver.self);
  await assertPortsAreFree(takenOver.portsToCheck);
  await programs.prepare(step, signal);
  const addresses = await startServers(start, takenOver.temporal);
  const own = partVariables({ dataDir, env, ports, secrets, embedded, addresses });
  const childEnv = { ...env, ...own };
  const running = await startPrograms({
    dataDir,
    parts,
    ports,
    embedded,
    programs,
    step,
    signal,
    env: childEnv,
    onMigrated: () => writePast(start, childEnv),
  });
  const logins = await loadData(start, running.apiUrl, childEnv);
  parts.publish({
    logins,
    feedsKey: own['FEEDS_KEY'] ?? '',
    twilioAuthToken: own['TWILIO_AUTH_TOKEN'] ?? '',
    publicUrl: own['PUBLIC_URL'] ?? '',
    env: own,
  });
  const temporalUiUrl = embedded.temporal ? `http://localhost:${ports.TEMPORAL_UI_PORT}` : undefined;
  return { ...running, run: parts.run, temporalUiUrl, stop: parts.stop };
}

/** Starts Postgres and Temporal, each unless the environment names an external one. */
async function startServers(start: Start, running: KnownProcess | undefined) {
  const { dataDir, env, parts, ports, embedded, secrets, step } = start;
  const database = embedded.postgres
    ? await step('Postgres', () => startPostgres(parts, dataDir, ports.POSTGRES_PORT, secrets))
    : { databaseUrl: parts.recordExternalPart('postgres', env['DATABASE_URL'] ?? '') };
  const temporalAddress = embedded.temporal
    ? await step('Temporal', (announce) => startTemporal(parts, { dataDir, env, ports, running, announce }))
    : parts.recordExternalPart('temporal', env['TEMPORAL_ADDRESS'] ?? '');
  return { ...database, temporalAddress };
}

/** Writes the past of the sample data, but never into an external database. */
async function writePast(start: Start, env: NodeJS.ProcessEnv): Promise<void> {
  const { dataDir, loadSampleData: load, embedded, step, signal, hasPast } = start;
  if (load === undefined || !embedded.postgres || !hasPast) return;
  await step('Sample data of the last 30 days', () =>
    unlessAborted(signal, writeSamplePastOnce({ dataDir, env })),
  );
}

/** Loads the sample data, but never into an external database. */
async function loadData(start: Start, apiUrl: string, env: NodeJS.ProcessEnv): Promise<readonly Login[]> {
  const { dataDir, loadSampleData: load, embedded, step, signal } = start;
  if (load === undefined || !embedded.postgres) return [];
  return step('Sample data', (announce) =>
    unlessAborted(signal, loadSampleDataOnce(load, { dataDir, apiUrl, env, announce })),
  );
}
