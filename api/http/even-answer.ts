import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds of which such an answer takes a whole multiple: many times what it takes to find, or not to find, somebody. */
const stepMs = 250;

/**
 * Does what depends on whether somebody is known, and ends at a whole multiple of 250 ms after its beginning: where the answer
 * is always the same, the time that it takes says nothing either. What fails does so at once.
 */
export async function inEvenTime(work: () => Promise<void>): Promise<void> {
  const begunAt = performance.now();
  await work();
  const takenMs = performance.now() - begunAt;
  await wait(Math.ceil(takenMs / stepMs) * stepMs - takenMs);
}
