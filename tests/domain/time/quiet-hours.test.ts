import { describe, expect, test } from '@jest/globals';
import { isQuietHour, nextTextTime } from '../../../domain/time/quiet-hours.ts';
import type { OpenHours } from '../../../domain/time/service-calendar.ts';

const hours: OpenHours[] = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 8 * 60, untilMinute: 20 * 60 }];
const texted = (at: string, state: string, timeZone: string) =>
  nextTextTime(new Date(at), { state, timeZone, hours })?.toISOString();

describe('a consumer is texted', () => {
  test.each([
    ['in the daytime at once', '2026-11-24T15:00:00Z', '2026-11-24T15:00:00.000Z'],
    ['before eight in the morning at eight', '2026-11-24T12:00:00Z', '2026-11-24T15:00:00.000Z'],
    ['from eight in the evening on the next morning', '2026-11-25T03:00:00Z', '2026-11-25T15:00:00.000Z'],
    ['just before eight in the evening at once', '2026-11-25T02:59:00Z', '2026-11-25T02:59:00.000Z'],
  ])('%s', (_, at, expected) => {
    expect(texted(at, 'AZ', 'America/Phoenix')).toBe(expected);
  });

  test('by the local clock, which is changed in the night', () => {
    expect(texted('2026-03-08T05:00:00Z', 'FL', 'America/New_York')).toBe('2026-03-08T12:00:00.000Z');
    expect(texted('2026-11-01T04:00:00Z', 'FL', 'America/New_York')).toBe('2026-11-01T13:00:00.000Z');
  });

  test('later in states that begin later, and in Texas not before noon on a Sunday', () => {
    expect(texted('2026-11-24T14:30:00Z', 'TX', 'America/Chicago')).toBe('2026-11-24T15:00:00.000Z');
    expect(texted('2026-11-29T15:30:00Z', 'TX', 'America/Chicago')).toBe('2026-11-29T18:00:00.000Z');
    expect(texted('2026-11-25T02:30:00Z', 'TX', 'America/Chicago')).toBe('2026-11-25T15:00:00.000Z');
  });

  test('never, where the hours of the country are over before those of the state begin', () => {
    const early = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 6 * 60, untilMinute: 10 * 60 }];
    const at = new Date('2026-11-24T09:00:00Z');
    const textedIn = (state: string) =>
      nextTextTime(at, { state, timeZone: 'America/New_York', hours: early });
    expect([textedIn('KY'), textedIn('FL')]).toEqual([undefined, new Date('2026-11-24T11:00:00Z')]);
  });

  test('at any time where there are no quiet hours', () => {
    const at = new Date('2026-11-24T09:00:00Z');
    expect(nextTextTime(at, { state: 'TX', timeZone: 'America/Chicago', hours: [] })).toEqual(at);
  });
});

test.each([
  ['2026-11-24T15:00:00Z', hours, false],
  ['2026-11-24T14:59:00Z', hours, true],
  ['2026-11-25T03:00:00Z', hours, true],
  ['2026-11-25T03:00:00Z', [], false],
])('an agent in Phoenix sleeps at %s, where the hours are %j: %s', (at, awake, expected) => {
  expect(isQuietHour(new Date(at), { timeZone: 'America/Phoenix', hours: awake })).toBe(expected);
});
