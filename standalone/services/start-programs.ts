import type { PartRegistry } from '../part-registry.ts';
import type { EmbeddedParts, Ports } from '../part-settings.ts';
import type { Progress } from '../progress.ts';
import type { PartName } from '../run-file.ts';
import { supervise } from './children.ts';
import type { KnownProcess } from './processes.ts';
import { type Programs, runProgram } from './programs.ts';

export interface StartProgramsOptions {
  dataDir: string;
  parts: PartRegistry;
  ports: Ports;
  embedded: EmbeddedParts;
  programs: Programs;
  step: Progress['step'];
  signal?: AbortSignal;
  /** Environment of the programs. */
  env: NodeJS.ProcessEnv;
  /** Called once the database has its schema, and before anything runs on it. */
  onMigrated: () => Promise<void>;
}

/** Running programs, and how to restart one. */
export interface RunningPrograms {
  apiUrl: string;
  /** Undefined when mail and texts go to the real providers. */
  mailboxUrl?: string;
  /** Stops a program and starts it again. @throws if it does not become ready */
  restart: (name: 'api' | 'worker') => Promise<void>;
  /** Runs a program to its end. @throws if it fails */
  runOnce: (name: 'migrate' | 'promote') => Promise<void>;
}

/** Milliseconds for worker and API to finish their work when they are stopped or restarted. */
const drainTimeoutMs = 20_000;

/**
 * Starts the programs in the order of their dependencies. A new worker version gets no work until it is promoted, so it
 * is promoted as soon as it polls.
 */
export async function startPrograms(options: StartProgramsOptions): Promise<RunningPrograms> {
  const { dataDir, env, parts, ports, embedded, programs, step, signal } = options;
  const restarts: Partial<Record<PartName, () => Promise<void>>> = {};
  // a process that runs on sees no user of the database but its own, and the worker that of retention
  const { MIGRATION_DATABASE_URL: _, ANALYTICS_DATABASE_URL: __, ...ofWorker } = env;
  const { RETENTION_DATABASE_URL: ___, ...ofApplication } = ofWorker;

  async function runOnce(name: 'migrate' | 'provision' | 'upgrade' | 'promote'): Promise<void> {
    await runProgram({ name, program: programs.fileOf(`worker/cli/${name}`), env, dataDir, signal });
  }

  async function keepRunning(name: PartName, program: string, port: number, path: string): Promise<string> {
    const address = `http://127.0.0.1:${port}`;
    const childOptions = {
      name,
      program: programs.fileOf(program),
      env: name === 'worker' ? ofWorker : ofApplication,
      dataDir,
      readyUrl: address + path,
      shutdownTimeoutMs: drainTimeoutMs,
      signal,
      onStarted: (process: KnownProcess) => parts.recordPart(name, process, address),
      onDied: parts.say,
    };
    let child = await supervise(childOptions);
    parts.onStop(() => child.stop());
    restarts[name] = async () => {
      await child.stop();
      signal?.throwIfAborted();
      child = await supervise(childOptions);
    };
    return address;
  }

  const startMailbox = () => keepRunning('outbox', 'standalone/fakes/main', ports.OUTBOX_PORT, '/messages');
  const mailboxUrl = embedded.outbox ? await step('Mailbox', startMailbox) : undefined;
  await step('Database schema', () => runOnce('migrate'));
  await options.onMigrated();
  await step('Temporal setup', () => runOnce('provision'));
  await step('Open workflows', () => runOnce('upgrade'));
  await step('Worker', () => keepRunning('worker', 'worker/main', ports.METRICS_PORT, '/health/ready'));
  await step('Worker version', () => runOnce('promote'));
  const apiUrl = await step('API', () => keepRunning('api', 'api/main', ports.PORT, '/health/ready'));
  return { apiUrl, mailboxUrl, runOnce, restart: async (name) => restarts[name]?.() };
}
