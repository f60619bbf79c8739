import { describe, expect, test } from '@jest/globals';
import { isTryLeft, nextTryAfter, remindOfNextTryAt } from '../../../domain/referrals/attempts.ts';
import type { ContactTime } from '../../../domain/referrals/contact-times.ts';

const minute = 60_000;
const zone = 'America/Chicago';
const policy = { followUpWindowMs: 60 * minute };

const next = (at: string, times: ContactTime[], timeZone = zone) => {
  const { byDefault, latest } = nextTryAfter(new Date(at), { times, timeZone }, policy);
  return [byDefault.toISOString(), latest.toISOString()];
};

describe('the next try', () => {
  test.each([
    // Monday, 9 a.m. in Texas
    ['who can be reached at any time', '2026-11-23T15:00:00Z', [], ['2026-11-24T15:00', '2026-11-25T02:00']],
    [
      'in the evenings',
      '2026-11-23T15:00:00Z',
      ['weekday-evening'],
      ['2026-11-25T00:00', '2026-11-25T02:00'],
    ],
    [
      'in the evenings, tried on Friday night',
      '2026-11-28T01:30:00Z',
      ['weekday-evening'],
      ['2026-12-01T00:00', '2026-12-01T02:00'],
    ],
    [
      'in the mornings and the evenings',
      '2026-11-23T15:00:00Z',
      ['weekday-morning', 'weekday-evening'],
      ['2026-11-24T15:00', '2026-11-25T02:00'],
    ],
    ['at any time, tried on Friday', '2026-11-27T15:00:00Z', [], ['2026-11-28T16:00', '2026-11-29T00:00']],
  ] as [string, string, ContactTime[], [string, string]][])(
    'to a consumer %s is due an hour into the next day on which they can be reached, at its end at the latest',
    (_who, at, times, expected) => {
      expect(next(at, times)).toEqual(expected.map((instant) => `${instant}:00.000Z`));
    },
  );

  test('is due at the end of the day where its contact times are shorter than the time to call', () => {
    const long = { followUpWindowMs: 24 * 60 * minute };
    const consumer = { times: ['weekday-evening'] as const, timeZone: zone };
    const { byDefault, latest } = nextTryAfter(new Date('2026-11-23T15:00:00Z'), consumer, long);
    expect(byDefault).toEqual(latest);
  });

  test('is 8 by the clock on the wall on the day on which clocks are changed', () => {
    // Friday before the clocks go back in New York; the weekend’s hours begin at 9
    expect(next('2026-10-30T15:00:00Z', ['weekend'], 'America/New_York')[1]).toBe('2026-10-31T22:00:00.000Z');
    expect(next('2026-10-31T15:00:00Z', ['weekend'], 'America/New_York')[1]).toBe('2026-11-01T23:00:00.000Z');
  });

  test('gives more time as often as a full effort takes', () => {
    const made = [0, 1, 2, 3, 4].map((attempts) => isTryLeft(attempts, { minContactAttempts: 3 }));
    expect(made).toEqual([true, true, true, false, false]);
  });
});

describe('the reminder of the next try', () => {
  const remind = (at: string, dueAt: string) =>
    remindOfNextTryAt(new Date(at), new Date(dueAt), { times: [], timeZone: zone }).toISOString();

  test('comes halfway', () => {
    expect(remind('2026-11-23T15:00:00Z', '2026-11-23T19:00:00Z')).toBe('2026-11-23T17:00:00.000Z');
  });

  test('comes when the consumer can be reached again, if they cannot halfway', () => {
    // from 5 p.m. to 9 a.m.
    expect(remind('2026-11-23T23:00:00Z', '2026-11-24T15:00:00Z')).toBe('2026-11-24T14:00:00.000Z');
  });

  test('comes halfway where the consumer cannot be reached before the next try is due', () => {
    expect(remind('2026-11-24T03:00:00Z', '2026-11-24T05:00:00Z')).toBe('2026-11-24T04:00:00.000Z');
  });
});
