import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Announce } from '../progress.ts';
import { lastLines, logFile, openLog } from './log-files.ts';
import { endProcess, identifyProcess, isRunning, type KnownProcess } from './processes.ts';
import { programArguments, projectFolder } from './programs.ts';

/** A program that is to run as long as everything runs. */
export interface ChildOptions {
  name: string;
  /** In the build, such as `worker/main.js`. */
  program: string;
  env: NodeJS.ProcessEnv;
  dataDir: string;
  /** Answers 200 when it is ready. */
  readyUrl: string;
  /** How long it may take to end by itself, in milliseconds. */
  shutdownTimeoutMs: number;
  /** Breaks off the wait for its first readiness. */
  signal?: AbortSignal;
  /** Hears of every process that is started for it. */
  onStarted: (process: KnownProcess) => void;
  /** Hears in a sentence when it died and is started again. */
  onDied: Announce;
}

export interface SupervisedChild {
  /** Lets it finish what it does, then ends it, and starts it no more. */
  stop: () => Promise<void>;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** Who ran this long was well: its next pause is the first again. */
const stableAfterMs = 30_000;

/**
 * Starts a program and waits until it is ready; from then on starts it again whenever it dies. It is in a group
 * of its own, so that Ctrl-C does not end it before its turn.
 * @throws an error with the end of its log when it dies three times without becoming ready, or takes a minute
 */
export async function supervise(options: ChildOptions): Promise<SupervisedChild> {
  const stopping = new AbortController();
  const state: { process?: KnownProcess; deaths: number; wasReady: boolean } = { deaths: 0, wasReady: false };

  async function keepRunning(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const child = launch(options);
      const started = child.pid === undefined ? undefined : identifyProcess(child.pid);
      state.process = started;
      if (started !== undefined) options.onStarted(started);
      const end = await ended(child);
      if (stopping.signal.aborted) return;
      state.deaths += 1;
      if (performance.now() - began > stableAfterMs) pauseMs = firstPauseMs;
      if (state.wasReady) options.onDied(`${options.name} ended (${end}): starting it again`);
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

/** How it ended: its exit code, or the signal. */
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
    const why = deaths() >= 3 ? 'keeps ending' : Date.now() > deadline ? 'does not become ready' : undefined;
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

/** A server with a session of its own that is watched, not parented. */
export interface WatchedServer {
  process: KnownProcess;
  /** Starts it again. @returns its new process */
  restart: () => Promise<KnownProcess>;
  onDied: Announce;
  name: string;
}

/** Looks every half second whether a server still runs, and starts it again when it does not. @returns the end of it */
export function watchServer(server: WatchedServer): () => Promise<void> {
  const stopping = new AbortController();
  const watching = (async () => {
    let { process } = server;
    while (!stopping.signal.aborted) {
      await sleep(500, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted || isRunning(process)) continue;
      server.onDied(`${server.name} ended: starting it again`);
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
