import { setTimeout as sleep } from 'node:timers/promises';

/** Runs what a provider does after its answer, for as long as the outbox is open. */
export interface BackgroundTasks {
  /** Ends waits and requests under way when the outbox closes. */
  signal: AbortSignal;
  /** Waits so long between two steps. */
  pause(): Promise<void>;
  run(deed: () => Promise<void>): void;
}

/** @param stepMs time between two steps, in milliseconds */
export function createBackgroundTasks(stepMs: number, signal: AbortSignal): BackgroundTasks {
  return {
    signal,
    pause: () => sleep(stepMs, undefined, { signal, ref: false }),
    run(deed) {
      // a deed cut off by closing leaves the message at its last step, as a provider whose callback got lost does
      deed().catch((failure: unknown) => {
        if (!signal.aborted) throw failure;
      });
    },
  };
}

/** Tells the service something; what became of it is kept with the message, as a provider's console would. */
export async function callbackResult(call: Promise<{ status: number }>): Promise<string> {
  try {
    return `HTTP ${(await call).status}`;
  } catch {
    return 'no answer';
  }
}
