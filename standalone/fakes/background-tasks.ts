import { setTimeout as sleep } from 'node:timers/promises';

/** Runs the work that a provider does after its response, until the fakes are closed. */
export interface BackgroundTasks {
  /** Aborted when the fakes close: ends pauses and requests in progress. */
  signal: AbortSignal;
  /** Waits for the time between two steps of a message. */
  pause(): Promise<void>;
  run(task: () => Promise<void>): void;
}

/** @param stepMs time between two steps, in milliseconds */
export function createBackgroundTasks(stepMs: number, signal: AbortSignal): BackgroundTasks {
  return {
    signal,
    pause: () => sleep(stepMs, undefined, { signal, ref: false }),
    run(task) {
      // a task that closing interrupts leaves its message at the last step, like a lost callback of a real provider
      task().catch((failure: unknown) => {
        if (!signal.aborted) throw failure;
      });
    },
  };
}

/** Turns the outcome of a callback into text for the message's history: `HTTP 204`, or `no answer`. */
export async function callbackResult(call: Promise<{ status: number }>): Promise<string> {
  try {
    return `HTTP ${(await call).status}`;
  } catch {
    return 'no answer';
  }
}
