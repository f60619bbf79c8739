import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, openLog } from '../../../standalone/services/log-files.ts';
import { writePrivateJson } from '../../../standalone/services/private-files.ts';
import {
  endProcess,
  identifyProcess,
  type KnownProcess,
  signal,
} from '../../../standalone/services/processes.ts';

/** How a service runs on this machine. */
export interface NativeService {
  name: string;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  healthcheck: readonly string[];
}

const patienceMs = 60_000;

/**
 * Runs programs as a container engine runs containers: each with the variables that it is given and no others, its
 * output in a log of its own.
 * @param folder for the logs, and the home of whoever runs them
 * @param place the working folder, and where programs are looked for
 */
export function createProcesses(folder: string, place: { cwd: string; path: string }) {
  const running = new Map<string, KnownProcess>();
  const stopping = new AbortController();
  const fell = new AbortController();

  /** In a file too, so that it can be ended when this process is no more. */
  function note(name: string, known: KnownProcess): void {
    running.delete(name);
    running.set(name, known);
    writePrivateJson(join(folder, 'running.json'), [...running.values()]);
  }

  /** @returns how it ended */
  function launch({ name, command: [program = '', ...args], env }: NativeService): Promise<string> {
    stopping.signal.throwIfAborted();
    const log = openLog(folder, name);
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: place.cwd,
      env: { PATH: place.path, HOME: folder, ...env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const known = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (known !== undefined) note(name, known);
    return new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', (code, by) => resolve(by ?? `code ${code}`));
    });
  }

  /**
   * Runs a job to its end, and again as often as its restart rule says.
   * @throws with the end of its log
   */
  async function runJob(job: NativeService, tries: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const end = await launch(job);
      if (end === 'code 0') return;
      if (attempt >= tries) throw new Error(`${job.name} ended: ${end}\n${lastLines(folder, job.name)}`);
    }
  }

  /** Starts a service and waits until its own check finds it healthy. */
  async function keepRunning(service: NativeService): Promise<void> {
    const { name } = service;
    void launch(service).then((end) => {
      if (stopping.signal.aborted || end === 'SIGKILL') return;
      fell.abort(new Error(`${name} ended: ${end}\n${lastLines(folder, name)}`));
    });
    const deadline = Date.now() + patienceMs;
    while (!(await isHealthy(service, place.path))) {
      if (Date.now() > deadline) throw new Error(`${name} is not healthy\n${lastLines(folder, name)}`);
      await sleep(100, undefined, { signal: fell.signal });
    }
  }

  async function kill(name: string): Promise<void> {
    const known = running.get(name);
    if (known === undefined) throw new Error(`${name} does not run`);
    signal(known.pid, 'SIGKILL');
    await endProcess(known, patienceMs);
  }

  /** From now on nothing is started any more, and what ends may end. */
  function expectEnd(): void {
    stopping.abort();
  }

  /** Rejects when a service ends that nobody ended. */
  const accident = new Promise<never>((_, reject) => {
    fell.signal.addEventListener('abort', () => reject(fell.signal.reason as Error));
  });
  accident.catch(() => undefined);
  return { runJob, keepRunning, kill, expectEnd, accident };
}

/** By the check's own command where it is Node's; `nc -z HOST PORT` is a connection here. */
async function isHealthy({ healthcheck, env }: NativeService, path: string): Promise<boolean> {
  const [, program, ...args] = healthcheck;
  if (program !== 'node') return canConnect(Number(args.at(-1)));
  const child = spawn(process.execPath, args, { env: { PATH: path, ...env }, stdio: 'ignore' });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  return code === 0;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
