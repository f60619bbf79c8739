import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { startOfDay } from 'date-fns/startOfDay';

/** An interval of open time, in milliseconds since 1970. */
export interface OpenTime {
  start: number;
  until: number;
}

/** Returns the open intervals of one day, in order. `day` is its local midnight. Clock changes alter their length. */
export type OpenTimesOn = (day: TZDate) => readonly OpenTime[];

/** Days to search ahead. A calendar that is closed for longer counts as closed for good. */
const daysAhead = 3 * 366;

/** Yields the open intervals from an instant on, in order; the first one may start at the instant itself. */
export function* openTimesFrom(from: Date, timeZone: string, openTimesOn: OpenTimesOn): Generator<OpenTime> {
  let day = startOfDay(new TZDate(from.getTime(), timeZone));
  for (let days = 0; days < daysAhead; days++) {
    for (const { start, until } of openTimesOn(day)) {
      if (until > from.getTime() && until > start) yield { start: Math.max(start, from.getTime()), until };
    }
    day = addDays(day, 1);
  }
}

/** Instant of a local time on a day. */
export function timeOn(day: TZDate, hour: number, minute = 0): number {
  return new TZDate(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute, day.timeZone).getTime();
}

/**
 * Instant at which `ms` milliseconds of open time have passed since `from`. If the calendar has less open time than that
 * in the next three years, the end of those years.
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
