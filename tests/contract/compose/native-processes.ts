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

/** A service as it runs on this machine. */
export interface NativeService {
  name: string;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  healthcheck: readonly string[];
}

const timeoutMs = 60_000;

/**
 * Runs programs as a container engine runs containers: each with only the variables that it is given, and its output in
 * its own log.
 * @param folder of the logs, and the programs' home
 * @param place the working folder and the search path of programs
 */
export function createProcesses(folder: string, place: { cwd: string; path: string }) {
  const running = new Map<string, KnownProcess>();
  const stopping = new AbortController();
  const failure = new AbortController();

  /** Records a process, also in a file, so that it can be ended after this process has died. */
  function recordProcess(name: string, identity: KnownProcess): void {
    running.delete(name);
    running.set(name, identity);
    writePrivateJson(join(folder, 'running.json'), [...running.values()]);
  }

  /** Starts a program. @returns its exit code or signal, once it has ended */
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
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (identity !== undefined) recordProcess(name, identity);
    return new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', (code, by) => resolve(by ?? `code ${code}`));
    });
  }

  /**
   * Runs a job to its end, at most `tries` times until it succeeds.
   * @throws an error with the end of its log
   */
  async function runJob(job: NativeService, tries: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const end = await launch(job);
      if (end === 'code 0') return;
      if (attempt >= tries) throw new Error(`${job.name} ended: ${end}\n${lastLines(folder, job.name)}`);
    }
  }

  /** Starts a service and waits until its health check passes. */
  async function startService(service: NativeService): Promise<void> {
    const { name } = service;
    void launch(service).then((end) => {
      if (stopping.signal.aborted || end === 'SIGKILL') return;
      failure.abort(new Error(`${name} ended: ${end}\n${lastLines(folder, name)}`));
    });
    const deadline = Date.now() + timeoutMs;
    while (!(await isHealthy(service, place.path))) {
      if (Date.now() > deadline) throw new Error(`${name} is not healthy\n${lastLines(folder, name)}`);
      await sleep(100, undefined, { signal: failure.signal });
    }
  }

  async function kill(name: string): Promise<void> {
    const identity = running.get(name);
    if (identity === undefined) throw new Error(`${name} does not run`);
    signal(identity.pid, 'SIGKILL');
    await endProcess(identity, timeoutMs);
  }

  /** Stops starting programs, and treats every end from now on as expected. */
  function expectEnd(): void {
    stopping.abort();
  }

  /** Rejects when a service ends unexpectedly. */
  const accident = new Promise<never>((_, reject) => {
    failure.signal.addEventListener('abort', () => reject(failure.signal.reason as Error));
  });
  accident.catch(() => undefined);
  return { runJob, startService, kill, expectEnd, accident };
}

/** Runs the health check's command where it is Node's; for `nc -z HOST PORT` it opens a connection. */
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
