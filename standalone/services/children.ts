import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Announce } from '../progress.ts';
import { lastLines, logFile, openLog } from './log-files.ts';
import { endProcess, identifyProcess, isRunning, type KnownProcess } from './processes.ts';
import { programArguments, projectFolder } from './programs.ts';

/** A program that is kept running as long as everything runs. */
export interface ChildOptions {
  name: string;
  /** Path in the build, such as `worker/main.js`, or absolute path. */
  program: string;
  env: NodeJS.ProcessEnv;
  dataDir: string;
  /** URL that answers 200 when the program is ready. */
  readyUrl: string;
  /** Time to shut down before it is killed, in milliseconds. */
  shutdownTimeoutMs: number;
  /** Cancels the wait until it is ready for the first time. */
  signal?: AbortSignal;
  /** Called with every process that is started. */
  onStarted: (process: KnownProcess) => void;
  /** Called with a sentence when the program has died and is restarted. */
  onDied: Announce;
}

export interface SupervisedChild {
  /** Stops the program after it has finished its work, and does not restart it. */
  stop: () => Promise<void>;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** A program that ran this long was stable, so the pause before its restart is short again. */
const stableAfterMs = 30_000;

/**
 * Starts a program, waits until it is ready, and restarts it whenever it dies. The program has its own process group, so
 * that Ctrl-C in the terminal does not stop it out of order.
 * @throws an error with the end of its log when it dies three times before it is ready, or is not ready in a minute
 */
export async function supervise(options: ChildOptions): Promise<SupervisedChild> {
  const stopping = new AbortController();
  const state: { process?: KnownProcess; deaths: number; wasReady: boolean } = { deaths: 0, wasReady: false };

  async function keepRunning(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const child = launch(options);
      const started = child.pid === undefined ? undefined : identifyProcess(child.pid);
      state.process = started;
      if (started !== undefined) options.onStarted(started);
      const end = await ended(child);
      if (stopping.signal.aborted) return;
      state.deaths += 1;
      if (performance.now() - startedAt > stableAfterMs) pauseMs = firstPauseMs;
      if (state.wasReady) options.onDied(`${options.name} ended (${end}), restarting`);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  const running = keepRunning();
  const stop = async () => {
    stopping.abort();
    if (state.process !== undefined) await endProcess(state.process, options.shutdownTimeoutMs);
    await running;
  };
  try {
    await untilReady(options, () => state.deaths);
    state.wasReady = true;
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

function launch({ name, program, env, dataDir }: ChildOptions): ChildProcess {
  const log = openLog(dataDir, name);
  const child = spawn(process.execPath, programArguments(program), {
    cwd: projectFolder,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

/** Waits for the end of a process. @returns its exit code, its signal, or the error that kept it from starting */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
}

async function untilReady(options: ChildOptions, deaths: () => number): Promise<void> {
  const { name, dataDir, readyUrl, signal } = options;
  const deadline = Date.now() + 60_000;
  while (!(await answers(readyUrl))) {
    const why =
      deaths() >= 3 ? 'ended three times' : Date.now() > deadline ? 'does not become ready' : undefined;
    if (why !== undefined)
      throw new Error(`${name} ${why} (${logFile(dataDir, name)}):\n${lastLines(dataDir, name)}`);
    await sleep(50, undefined, { signal });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** A server that is watched but is not a child process: it has its own session. */
export interface WatchedServer {
  process: KnownProcess;
  /** Starts the server. @returns its new process */
  restart: () => Promise<KnownProcess>;
  onDied: Announce;
  name: string;
}

/** Checks every half second that a server runs, and restarts it if it does not. @returns a function that ends the watch */
export function watchServer(server: WatchedServer): () => Promise<void> {
  const stopping = new AbortController();
  const watching = (async () => {
    let { process } = server;
    while (!stopping.signal.aborted) {
      await sleep(500, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted || isRunning(process)) continue;
      server.onDied(`${server.name} ended, restarting`);
      try {
        process = await server.restart();
      } catch (error) {
        server.onDied(
          `${server.name} does not start: ${error instanceof Error ? error.message : String(error)}`,
        );
        await sleep(longestPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  })();
  return async () => {
    stopping.abort();
    await watching;
  };
}
