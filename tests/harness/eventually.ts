import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds in which everything happens that a test waits for, however busy the machine. */
const longestWaitMs = 40_000;

/**
 * Repeats a check of something that another process does until it passes.
 * @throws the last failure after 40 seconds
 */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + longestWaitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
