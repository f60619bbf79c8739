import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelayMs } from '../../runtime/retry-delay.ts';
import { type FailureLog, reasonOf } from '../outbox/process-each.ts';

/** A loop that runs until it is stopped. */
export interface Loop {
  /** Begins the next pass now instead of at its time; after a failed pass it still waits for the retry. */
  wake: () => void;
  /** Begins no other page and waits for the running one, but only for a moment: Postgres may not answer. */
  stop: () => Promise<void>;
}

/** The work of a loop, and the log message of a pass that fails. */
export interface LoopWork {
  /**
   * Begins a pass. @returns a function that processes its next page; a full one means that there may be more. Between two
   * rows it looks whether the loop is stopping
   */
  beginPass: () => (stopping: AbortSignal) => Promise<{ isFull: boolean }>;
  /** Milliseconds between two passes. */
  tickMs: number;
  log: FailureLog;
  failureMessage: string;
}

/** Milliseconds that a stop waits for the running page. What is unfinished then is rolled back, and done again later. */
const lastPageMs = 800;

/** Processes pages until none is full, waits, and starts over. Keeps running while Postgres is down. */
export function startLoop({ beginPass, tickMs, log, failureMessage }: LoopWork): Loop {
  const stopping = new AbortController();
  let woken = new AbortController();
  const loop = async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      woken = new AbortController();
      try {
        const processPage = beginPass();
        while (!stopping.signal.aborted && (await processPage(stopping.signal)).isFull);
        failures = 0;
      } catch (error) {
        failures += 1;
        // a page that a stop did not wait for has lost its pool
        if (!stopping.signal.aborted) log.warn({ reason: reasonOf(error) }, failureMessage);
      }
      await (failures === 0
        ? waitUnless(woken.signal, tickMs)
        : waitUnless(stopping.signal, retryDelayMs(failures)));
    }
  };
  const running = loop();
  return {
    wake: () => woken.abort(),
    async stop() {
      stopping.abort();
      woken.abort();
      await Promise.race([running, sleep(lastPageMs, undefined, { ref: false })]);
    },
  };
}

async function waitUnless(aborted: AbortSignal, ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: aborted }).catch(() => undefined);
}
