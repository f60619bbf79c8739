import { expect, test } from '@jest/globals';
import { delayAfter } from '../../../activities/notifications/delay-after.ts';

const [second, minute] = [1_000, 60_000];
const throttle = { retryAfterMs: undefined, isThrottle: true };

/** The shortest and the longest of many delays. */
function range(of: () => number | undefined): [number, number] {
  const delays = Array.from({ length: 2_000 }, () => of() ?? Number.NaN);
  return [Math.min(...delays), Math.max(...delays)];
}

test.each([
  ['urgent, the first time', false, 0, [second, 3 * second]],
  ['urgent, after an hour', false, 60 * minute, [15 * second, 45 * second]],
  ['bulk, the first time', true, 0, [minute / 2, 1.5 * minute]],
  ['bulk, after four minutes', true, 4 * minute, [2 * minute, 6 * minute]],
  ['bulk, after an hour', true, 60 * minute, [5 * minute, 15 * minute]],
] as const)(
  'a throttled notice waits as long again as it has waited: %s',
  (_case, isBulk, waitedMs, [least, most]) => {
    const [shortest, longest] = range(() => delayAfter(throttle, { isBulk, waitedMs }));
    expect(shortest).toBeGreaterThanOrEqual(least);
    expect(longest).toBeLessThanOrEqual(most);
    // those that were refused together do not come back together
    expect(longest).toBeGreaterThan(1.5 * shortest);
  },
);

test('what the provider asks for is the least, for every notice', () => {
  const asked = { retryAfterMs: 20 * second, isThrottle: true };
  const [shortest, longest] = range(() => delayAfter(asked, { isBulk: false, waitedMs: 0 }));
  expect(shortest).toBeGreaterThanOrEqual(20 * second);
  expect(longest).toBeLessThanOrEqual(30 * second);
});

test('an outage that is no throttle is left to the retry policy', () => {
  const outage = { retryAfterMs: undefined, isThrottle: false };
  expect(delayAfter(outage, { isBulk: true, waitedMs: minute })).toBeUndefined();
});
