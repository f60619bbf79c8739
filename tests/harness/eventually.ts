import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats a check of something that another process does until it passes.
 * @throws the last failure after 20 seconds
 */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
