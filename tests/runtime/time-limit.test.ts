import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { withTimeLimit } from '../../runtime/stop-signals.ts';
import { eventually } from '../harness/eventually.ts';

setFlagsFromString('--expose-gc');
const cleanUpMemory = runInNewContext('gc') as () => void;

const never = new AbortController().signal;
/** Ends with the reason once its signal is aborted, as a call to a server does. */
const untilEnded = (ended: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (ended.aborted) reject(ended.reason as Error);
    ended.addEventListener('abort', () => reject(ended.reason as Error));
  });

test('work ends when its time is over, although memory was cleaned up meanwhile', async () => {
  const work = withTimeLimit({ withinMs: 50, stopping: never }, untilEnded);
  cleanUpMemory();
  await expect(work).rejects.toThrow('It took longer than 50 ms');
});

test('work ends at once when a stop is requested, before or meanwhile', async () => {
  const stopping = new AbortController();
  const limit = { withinMs: 3_600_000, stopping: stopping.signal };
  const work = withTimeLimit(limit, untilEnded);
  stopping.abort(new Error('the process stops'));
  await expect(work).rejects.toThrow('the process stops');
  await expect(withTimeLimit(limit, untilEnded)).rejects.toThrow('the process stops');
});

test('nothing of a piece of work stays in memory, however long the process runs', async () => {
  const stopping = new AbortController();
  const signals: WeakRef<AbortSignal>[] = [];
  for (let call = 0; call < 100; call += 1)
    await withTimeLimit({ withinMs: 3_600_000, stopping: stopping.signal }, async (ended) => {
      ended.addEventListener('abort', () => undefined);
      signals.push(new WeakRef(ended));
    });
  await eventually(() => {
    cleanUpMemory();
    expect(signals.filter((signal) => signal.deref()).length).toBeLessThan(2);
  });
  expect(stopping.signal.aborted).toBe(false);
});
