import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';

/** Signals that ask a process to stop: Ctrl-C, a supervisor, a closed terminal. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Milliseconds in which signals count as one request. Under npm one Ctrl-C arrives twice: from the terminal, and from
 * npm, which forwards it.
 */
const samePressMs = 1_000;

/** A request to stop, which may still come. */
export interface StopRequest {
  /** Aborted by the first signal, with the signal's name as its reason. */
  readonly signal: AbortSignal;
  /** Resolves with the name of the first signal. */
  readonly received: Promise<NodeJS.Signals>;
}

/**
 * Listens for signals to stop. From now on no signal ends the process by itself: the first one asks for an orderly
 * stop; another Ctrl-C a second or more later, or Ctrl-\ at any time, means that it takes too long.
 *
 * @param onImpatience called in that case. By default the process exits at once, which is safe if others redo its
 *   unfinished work: Postgres rolls back, Temporal gives its tasks to another worker
 */
export function listenForStop(
  onImpatience: () => void = () => process.exit(exitCodeOf('SIGINT')),
): StopRequest {
  const stopping = new AbortController();
  const received = new Promise<NodeJS.Signals>((resolve) => {
    let firstAt: number | undefined;
    for (const name of stopSignals) {
      process.on(name, () => {
        if (firstAt === undefined) {
          firstAt = performance.now();
          stopping.abort(name);
          resolve(name);
        } else if (name === 'SIGINT' && performance.now() - firstAt >= samePressMs) onImpatience();
      });
    }
  });
  // Ctrl-\ asks to stop at once, never orderly
  process.on('SIGQUIT', onImpatience);
  return { signal: stopping.signal, received };
}

/**
 * Waits for work until a signal is aborted. After that the result of the work is ignored, and the caller ends what the
 * work depends on.
 * @throws the error of the work, or the signal's reason
 */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  let onAbort = () => undefined as void;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Does work with a signal that is aborted when its time is over or a stop is requested, and holds nothing of it afterwards.
 *
 * `AbortSignal.any` of the stop and of `AbortSignal.timeout` would do neither in Node 20: the timeout is forgotten when memory is
 * cleaned up, and every signal that somebody has listened to is kept for as long as the process runs
 * (docs/sources.md, "Workflows, rows and clocks").
 * @param work ends by itself once its signal is aborted
 */
export async function withTimeLimit<T>(
  { withinMs, stopping }: { withinMs: number; stopping: AbortSignal },
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const onStop = () => ending.abort(stopping.reason);
  // as many may listen as there is work at once; each stops listening when it ends
  setMaxListeners(0, stopping);
  const timer = setTimeout(() => ending.abort(new Error(`It took longer than ${withinMs} ms`)), withinMs);
  if (stopping.aborted) onStop();
  else stopping.addEventListener('abort', onStop, { once: true });
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', onStop);
  }
}

/** Returns the exit code that shells use for a process ended by a signal: 130 after Ctrl-C, 143 after SIGTERM. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Keeps the process running when its output is closed. In `npm start | tee log` Ctrl-C ends `tee` first, and a failed
 * write must not interrupt the orderly stop. A closed terminal fails with EIO, a closed pipe with EPIPE.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
