import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  afterServiceTime,
  matchTimeAfterOpening,
  nextOpening,
  type ServiceCalendar,
} from '../../../domain/time/service-calendar.ts';

const minute = 60_000;
const hour = 60 * minute;
const weekdays: ServiceCalendar = {
  hours: [
    { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, untilMinute: 20 * 60 },
    { days: [6], fromMinute: 10 * 60, untilMinute: 14 * 60 },
  ],
  closedSeasons: [{ firstOn: '2026-12-24', lastOn: '2026-12-27' }],
};
const always: ServiceCalendar = { hours: [], closedSeasons: [] };

const opening = (at: string, calendar = weekdays, timeZone = 'America/Chicago') =>
  nextOpening(new Date(at), calendar, timeZone)?.toISOString();

describe('the service opens', () => {
  test('at once while it is open, and always where nothing is closed', () => {
    expect(opening('2026-11-24T15:00:00Z')).toBe('2026-11-24T15:00:00.000Z');
    expect(opening('2026-11-24T09:00:00Z', always)).toBe('2026-11-24T09:00:00.000Z');
  });

  test('in the morning of the next day that has hours, on the local clock', () => {
    expect(opening('2026-11-24T13:59:00Z')).toBe('2026-11-24T14:00:00.000Z');
    // closed at the closing time itself
    expect(opening('2026-11-25T02:00:00Z')).toBe('2026-11-25T14:00:00.000Z');
    expect(opening('2026-11-28T21:00:00Z')).toBe('2026-11-30T14:00:00.000Z');
    expect(opening('2026-11-24T13:59:00Z', weekdays, 'America/New_York')).toBe('2026-11-24T13:59:00.000Z');
  });

  test('after a closed season, both days included', () => {
    expect(opening('2026-12-24T18:00:00Z')).toBe('2026-12-28T14:00:00.000Z');
    const season = { hours: [], closedSeasons: weekdays.closedSeasons };
    expect(opening('2026-12-25T00:00:00Z', season)).toBe('2026-12-28T06:00:00.000Z');
  });

  test('never, where every day is closed, or no hour is ever reached', () => {
    const closed = { firstOn: '2026-01-01', lastOn: '2099-12-31' };
    expect(opening('2026-11-24T15:00:00Z', { hours: [], closedSeasons: [closed] })).toBeUndefined();
    expect(opening('2026-11-24T15:00:00Z', { ...weekdays, closedSeasons: [closed] })).toBeUndefined();
    const noDays = { hours: [{ days: [], fromMinute: 0, untilMinute: 1440 }], closedSeasons: [] };
    expect(opening('2026-11-24T15:00:00Z', noDays)).toBeUndefined();
  });

  test('an hour earlier by the sun once the clock was changed', () => {
    expect(opening('2026-03-06T12:00:00Z')).toBe('2026-03-06T14:00:00.000Z');
    expect(opening('2026-03-09T12:00:00Z')).toBe('2026-03-09T13:00:00.000Z');
  });
});

describe('the time to find an agent', () => {
  const after = (at: string, ms: number, calendar = weekdays) =>
    afterServiceTime(new Date(at), ms, calendar, 'America/Chicago').toISOString();

  test('runs only while the service is open', () => {
    expect(after('2026-11-24T03:00:00Z', 4 * hour)).toBe('2026-11-24T18:00:00.000Z');
    expect(after('2026-11-25T01:00:00Z', 4 * hour)).toBe('2026-11-25T17:00:00.000Z');
    expect(after('2026-11-24T03:00:00Z', 4 * hour, always)).toBe('2026-11-24T07:00:00.000Z');
  });

  test('equals a count of every open minute', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('America/New_York', 'America/Phoenix', 'Pacific/Honolulu'),
        fc.integer({ min: 0, max: 365 * 24 * 60 }),
        fc.integer({ min: 1, max: 120 }),
        (timeZone, startMinute, minutes) => {
          const from = new Date(Date.parse('2026-01-01T00:00:00Z') + startMinute * minute);
          const end = afterServiceTime(from, minutes * minute, weekdays, timeZone);
          let counted = 0;
          let at = from.getTime();
          for (; counted < minutes; at += minute) if (isOpen(at, timeZone)) counted += 1;
          expect(end.getTime()).toBe(at);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('at the opening as many referrals match as there are agents, in order, and the next when those have had their turn', () => {
  const opensAt = new Date('2026-11-25T14:00:00Z');
  const turn = (ahead: number, agents: number) =>
    matchTimeAfterOpening({ opensAt, ahead, agents, offerWindowMs: 15 * minute }).getTime() -
    opensAt.getTime();
  expect([turn(0, 2), turn(1, 2), turn(2, 2), turn(3, 2), turn(4, 2)]).toEqual([
    0,
    200,
    15 * minute,
    15 * minute + 200,
    30 * minute,
  ]);
  expect(turn(1, 0)).toBe(15 * minute);
});

/** Decides without the code under test, from the parts of the local time. */
function isOpen(at: number, timeZone: string): boolean {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const [hours, day] = [Number(of('hour')), Number(of('day'))];
  if (of('month') === '12' && day >= 24 && day <= 27) return false;
  if (of('weekday') === 'Sun') return false;
  return of('weekday') === 'Sat' ? hours >= 10 && hours < 14 : hours >= 8 && hours < 20;
}
