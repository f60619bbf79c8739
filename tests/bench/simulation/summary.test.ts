import { describe, expect, test } from '@jest/globals';
import { readNamedPolicy } from '../../../bench/simulation/policies.ts';
import { gini, percentile } from '../../../bench/simulation/summary.ts';
import { createVirtualClock } from '../../../standalone/sample/virtual-clock.ts';

describe('figures', () => {
  test('a percentile is the smallest value that so many do not exceed', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, Number.POSITIVE_INFINITY];
    expect([0.5, 0.9, 0.99].map((share) => percentile(values, share))).toEqual([
      5,
      9,
      Number.POSITIVE_INFINITY,
    ]);
  });

  test.each([
    [[1, 1, 1, 1], 0],
    [[0, 0, 0, 4], 0.75],
    [[1, 3], 0.25],
    [[0, 0], 0],
  ])('the Gini coefficient of %j is %d', (values, expected) => {
    expect(gini(values)).toBeCloseTo(expected);
  });
});

describe('a policy', () => {
  test('is a name and variables of the service, separated by semicolons', () => {
    const { name, policy } = readNamedPolicy(
      'short: OFFER_WINDOW=10 minutes; SERVICE_HOURS=Mon-Fri 8:00-20:00',
      {},
    );
    expect([name, policy.offerWindowMs, policy.serviceCalendar.hours]).toEqual([
      'short',
      600_000,
      [{ days: [1, 2, 3, 4, 5], fromMinute: 480, untilMinute: 1200 }],
    ]);
  });

  test('without a name is called what it says, and a name alone is the policy of the environment', () => {
    expect(readNamedPolicy('OFFER_WINDOW=10 minutes', {}).name).toBe('OFFER_WINDOW=10 minutes');
    expect(readNamedPolicy('today', { OFFER_WINDOW: '12 minutes' })).toMatchObject({
      name: 'today',
      policy: { offerWindowMs: 720_000 },
    });
  });

  test('with a variable that is none of the policy, or with a wrong value, is refused', () => {
    expect(() => readNamedPolicy('OFER_WINDOW=10 minutes', {})).toThrow(
      'OFER_WINDOW is no variable of the policy',
    );
    expect(() => readNamedPolicy('OFFER_WINDOW=10', {})).toThrow('OFFER_WINDOW');
  });
});

test('the virtual clock does what is planned in the order of its instants, and for one instant in the order of planning', async () => {
  const clock = createVirtualClock(new Date(0));
  const done: string[] = [];
  const plan = (name: string, instant: number) =>
    clock.at(instant, async () => {
      done.push(`${name} ${clock.now().getTime()}`);
    });
  plan('c', 2_000);
  plan('a', 1_000);
  plan('d', 2_000);
  plan('canceled', 1_500).isCanceled = true;
  plan('b', 1_000);
  for (let work = clock.next(); work; work = clock.next()) await work();
  expect(done).toEqual(['a 1000', 'b 1000', 'c 2000', 'd 2000']);
});
