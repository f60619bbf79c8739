import { constants } from 'node:os';

/** The signals that ask a process to end: Ctrl-C, a supervisor, a terminal that is closed. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * How long signals count as the same request, in milliseconds: under npm one Ctrl-C comes twice, from the terminal and from
 * npm, which passes on what it gets.
 */
const samePressMs = 1_000;

/** A process that has been asked to end. */
export interface StopRequest {
  /** Aborted by the first signal, which is its reason. */
  readonly signal: AbortSignal;
  /** Settles with the name of the first signal. */
  readonly received: Promise<NodeJS.Signals>;
}

/**
 * Listens for the end. From now on no signal ends the process by itself: the first one asks for an orderly end, and a
 * Ctrl-C a second or more later, or Ctrl-\ at any time, says that this takes too long.
 *
 * @param onImpatience what is done then. By default the process exits at once, which is right where whatever it leaves
 *   undone is done again by others: Postgres rolls back, Temporal gives its tasks to another worker
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
  // Ctrl-\ asks for nothing but the end, at once
  process.on('SIGQUIT', onImpatience);
  return { signal: stopping.signal, received };
}

/**
 * Waits for work, but no longer than until a signal is aborted: what the work comes to then is of no interest, and
 * whoever started it takes away what it stands on.
 * @throws whatever the work throws, or the signal's reason
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

/** The exit code of a process that a signal ended, as a shell gives it: 130 after Ctrl-C, 143 after SIGTERM. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Goes on when nobody reads the output any more: in `npm start | tee log` Ctrl-C ends `tee` first, and a line about
 * the orderly end that nobody reads must not break it off. A closed terminal answers with EIO, a closed pipe with EPIPE.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
