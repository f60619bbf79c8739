import { exitCodeOf, ignoreClosedOutput, listenForStop } from '../runtime/stop-signals.ts';

/**
 * Runs work of the terminal to its end, or until a signal or a failure that nobody waits for stops it, and then ends the process.
 * @param work is told to stop by its signal, and returns the exit code
 */
export async function runStoppable(work: (signal: AbortSignal) => Promise<number>): Promise<never> {
  ignoreClosedOutput();
  const stopping = new AbortController();
  let endedBy: NodeJS.Signals | undefined;
  // the first signal already stops everything at once, so a second one needs no handler
  void listenForStop(() => undefined).received.then((signal) => {
    endedBy = signal;
    stopping.abort(new Error(`stopped by ${signal}`));
  });
  // the process must not end by it before the servers of the work have ended; those that follow a stop are of no interest
  process.on('unhandledRejection', (reason) => stopping.abort(reason));
  const code = await work(stopping.signal);
  // after a signal the unfinished work has lost its database and is not waited for
  process.exit(endedBy ? exitCodeOf(endedBy) : code);
}
