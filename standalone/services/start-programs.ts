import type { PartRegistry } from '../part-registry.ts';
import type { EmbeddedParts, Ports } from '../part-settings.ts';
import type { Progress } from '../progress.ts';
import type { PartName } from '../run-file.ts';
import { supervise } from './children.ts';
import { runProgram } from './programs.ts';

export interface StartProgramsOptions {
  dataDir: string;
  parts: PartRegistry;
  ports: Ports;
  embedded: EmbeddedParts;
  step: Progress['step'];
  signal?: AbortSignal;
  /** The environment that all of them run in. */
  env: NodeJS.ProcessEnv;
}

/** How long worker and API may take to finish what they do when everything ends. */
const drainTimeoutMs = 20_000;

/**
 * Starts the programs of the build in the order in which they need each other. A new worker stands still until its
 * version is made current, so it is promoted as soon as it polls.
 */
export async function startPrograms(
  options: StartProgramsOptions,
): Promise<{ apiUrl: string; mailboxUrl?: string }> {
  const { dataDir, env, parts, ports, embedded, step, signal } = options;

  async function runOnce(name: string, program: string): Promise<void> {
    await runProgram({ name, program, env, dataDir, signal });
  }

  async function keepRunning(name: PartName, program: string, port: number, path: string): Promise<string> {
    const address = `http://127.0.0.1:${port}`;
    const child = await supervise({
      name,
      program,
      env,
      dataDir,
      readyUrl: address + path,
      shutdownTimeoutMs: drainTimeoutMs,
      signal,
      onStarted: (process) => parts.recordPart(name, process, address),
      onDied: parts.say,
    });
    parts.onStop(child.stop);
    return address;
  }

  const outbox = () => keepRunning('outbox', 'standalone/fakes/main.js', ports.OUTBOX_PORT, '/messages');
  const mailboxUrl = embedded.outbox ? await step('Outbox', outbox) : undefined;
  await step('Database schema', () => runOnce('migrate', 'worker/cli/migrate.js'));
  await step('Temporal set-up', () => runOnce('provision', 'worker/cli/provision.js'));
  await step('Worker', () => keepRunning('worker', 'worker/main.js', ports.METRICS_PORT, '/health/ready'));
  await step('Promotion', () => runOnce('promote', 'worker/cli/promote.js'));
  const apiUrl = await step('API', () => keepRunning('api', 'api/main.js', ports.PORT, '/health/ready'));
  return { apiUrl, mailboxUrl };
}
