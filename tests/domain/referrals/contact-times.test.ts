import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { afterContactTime, type ContactTime, contactTimes } from '../../../domain/referrals/contact-times.ts';

const minute = 60_000;
const hour = 60 * minute;
const zone = 'America/Chicago';

const after = (from: string, ms: number, times: ContactTime[], timeZone = zone) =>
  afterContactTime(new Date(from), ms, { times, timeZone }).toISOString();

describe('the time to call is counted inside the times the consumer chose', () => {
  test('every minute counts where none were chosen', () => {
    expect(after('2026-11-23T05:00:00Z', hour, [])).toBe('2026-11-23T06:00:00.000Z');
  });

  test('an hour that begins in a chosen time ends an hour later', () => {
    // Monday, 9 a.m. in Texas
    expect(after('2026-11-23T15:00:00Z', hour, ['weekday-morning'])).toBe('2026-11-23T16:00:00.000Z');
  });

  test('the time left at the end of a window goes on when the next one opens', () => {
    // Monday, 11:30 a.m.; mornings only: half an hour today, half an hour from 8 a.m. tomorrow
    expect(after('2026-11-23T17:30:00Z', hour, ['weekday-morning'])).toBe('2026-11-24T14:30:00.000Z');
  });

  test('windows that touch are one', () => {
    expect(after('2026-11-23T17:30:00Z', hour, ['weekday-morning', 'weekday-afternoon'])).toBe(
      '2026-11-23T18:30:00.000Z',
    );
  });

  test('a consumer who chose evenings is called on Monday evening when an agent accepts on Friday night', () => {
    expect(after('2026-11-28T03:00:00Z', hour, ['weekday-evening'])).toBe('2026-12-01T00:00:00.000Z');
  });

  test('a weekend is a Saturday and a Sunday', () => {
    expect(after('2026-11-23T15:00:00Z', hour, ['weekend'])).toBe('2026-11-28T16:00:00.000Z');
  });

  test('8 in the morning is 8 by the clock on the wall, before and after it is changed', () => {
    expect(after('2026-10-31T12:00:00Z', hour, ['weekday-morning'], 'America/New_York')).toBe(
      '2026-11-02T14:00:00.000Z',
    );
  });
});

test('as many chosen minutes lie between as were asked for, by counting them one by one', () => {
  const isChosen = (at: number, times: readonly ContactTime[], timeZone: string) => {
    if (times.length === 0) return true;
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: 'numeric',
      hourCycle: 'h23',
    }).formatToParts(at);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    const hours = Number(part('hour'));
    if (['Sat', 'Sun'].includes(part('weekday')))
      return times.includes('weekend') && hours >= 9 && hours < 18;
    const name =
      hours < 8 || hours >= 20 ? undefined : hours < 12 ? 'morning' : hours < 17 ? 'afternoon' : 'evening';
    return name !== undefined && times.includes(`weekday-${name}`);
  };
  fc.assert(
    fc.property(
      fc.subarray([...contactTimes]),
      fc.constantFrom('America/New_York', 'America/Phoenix', 'Pacific/Honolulu'),
      fc.integer({ min: 0, max: 365 * 24 * 60 }),
      fc.integer({ min: 1, max: 90 }),
      (times, timeZone, startMinute, minutes) => {
        const from = new Date(Date.parse('2026-01-01T00:00:00Z') + startMinute * minute);
        const end = afterContactTime(from, minutes * minute, { times, timeZone });
        let counted = 0;
        let at = from.getTime();
        for (; counted < minutes; at += minute) if (isChosen(at, times, timeZone)) counted += 1;
        expect(end.getTime()).toBe(at);
      },
    ),
    { numRuns: 60 },
  );
});
