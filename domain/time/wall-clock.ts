import { tzOffset } from '@date-fns/tz';
import type { PlainDate } from '../onboarding/evidence.ts';

const [minute, day] = [60_000, 86_400_000];

/** Calendar date in a time zone (IANA name) at an instant. */
export function dateIn(timeZone: string, instant: Date): PlainDate {
  return textOf(shownAt(instant.getTime(), timeZone));
}

/** Calendar date a number of days after another one. */
export function daysAfter(date: PlainDate, days: number): PlainDate {
  return textOf(Date.parse(date) + days * day);
}

/**
 * First instant at which a wall clock in a time zone shows a time on a date, or has passed it.
 *
 * A time that occurs twice, when the clock is set back, is the first of the two. A time that the clock skips, when it is
 * set forward, is the instant of the change. So the times of a day keep their order on every date.
 * @param minutes since midnight; 1,440 and more are on a later date
 */
export function instantOnClock(timeZone: string, date: PlainDate, minutes: number): Date {
  const wanted = Date.parse(date) + minutes * minute;
  // the offsets that can apply at that time; no zone changes its clock twice within two days
  const near = [wanted - day, wanted + day].map((at) => offsetAt(at, timeZone));
  const candidates = near.map((offset) => wanted - offset).toSorted((a, b) => a - b);
  const reached = candidates.find((at) => shownAt(at, timeZone) >= wanted) ?? wanted;
  return new Date(shownAt(reached, timeZone) === wanted ? reached : leapBefore(reached, wanted, timeZone));
}

/** Finds the instant at which the clock is set forward past the wanted time, at most a day before `after`. */
function leapBefore(after: number, wanted: number, timeZone: string): number {
  let [low, high] = [after - day, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shownAt(middle, timeZone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** Local time of a zone, as the milliseconds at which a UTC clock shows the same. */
function shownAt(at: number, timeZone: string): number {
  return at + offsetAt(at, timeZone);
}

/** Clocks change only at the start of a quarter of an hour, in every zone. */
const quarter = 15 * minute;
/** Cache: computing an offset costs a hundred times as much as a lookup, and a review needs millions. */
const offsets = new Map<string, number>();
const maxCachedOffsets = 20_000;

function offsetAt(at: number, timeZone: string): number {
  const since = Math.floor(at / quarter) * quarter;
  const key = `${timeZone} ${since}`;
  const cached = offsets.get(key);
  if (cached !== undefined) return cached;
  if (offsets.size >= maxCachedOffsets) offsets.clear();
  const offset = tzOffset(timeZone, new Date(since)) * minute;
  offsets.set(key, offset);
  return offset;
}

/** Cache: a standing needs the text of the same dates a hundred times. */
const dates = new Map<number, PlainDate>();
const maxCachedDates = 20_000;

function textOf(shown: number): PlainDate {
  const number = Math.floor(shown / day);
  let date = dates.get(number);
  if (date === undefined) {
    if (dates.size >= maxCachedDates) dates.clear();
    date = new Date(number * day).toISOString().slice(0, 10);
    dates.set(number, date);
  }
  return date;
}
