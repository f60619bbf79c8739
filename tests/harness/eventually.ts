import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats a look at something that another process does, until it shows what is awaited.
 * @throws the last failure when that takes longer than 20 seconds
 */
export async function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
