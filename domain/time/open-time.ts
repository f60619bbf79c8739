import { TZDate } from '@date-fns/tz';
import { addDays, startOfDay } from 'date-fns';

/** A stretch of time in which something counts, in milliseconds since 1970. */
export interface OpenTime {
  start: number;
  until: number;
}

/** The stretches of one day in their order; the day is its local midnight. Clock changes make some shorter or longer. */
export type OpenTimesOn = (day: TZDate) => readonly OpenTime[];

/** So far ahead an open time is looked for; a calendar that is closed for longer is closed for good. */
const daysAhead = 3 * 366;

/** The stretches that end after an instant, cut at it, in their order. */
export function* openTimesFrom(from: Date, timeZone: string, openTimesOn: OpenTimesOn): Generator<OpenTime> {
  let day = startOfDay(new TZDate(from.getTime(), timeZone));
  for (let days = 0; days < daysAhead; days++) {
    for (const { start, until } of openTimesOn(day)) {
      if (until > from.getTime() && until > start) yield { start: Math.max(start, from.getTime()), until };
    }
    day = addDays(day, 1);
  }
}

/** The instant of a local time on a day. */
export function timeOn(day: TZDate, hour: number, minute = 0): number {
  return new TZDate(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute, day.timeZone).getTime();
}

/**
 * The instant at which so many milliseconds of open time have passed since a moment; where the calendar does not open for
 * so long in all the time that is looked at, the end of that time.
 */
export function afterOpenTime(from: Date, ms: number, openTimes: Iterable<OpenTime>): Date {
  let left = ms;
  for (const { start, until } of openTimes) {
    const length = Math.min(until - start, left);
    left -= length;
    if (left === 0) return new Date(start + length);
  }
  return new Date(from.getTime() + daysAhead * 86_400_000);
}
