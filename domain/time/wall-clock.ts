import { tzOffset } from '@date-fns/tz';
import type { PlainDate } from '../onboarding/evidence.ts';

const [minute, day] = [60_000, 86_400_000];

/** The calendar date in a time zone (IANA name) at an instant. */
export function dateIn(timeZone: string, instant: Date): PlainDate {
  return textOf(shownAt(instant.getTime(), timeZone));
}

/** The calendar date so many days after another one. */
export function daysAfter(date: PlainDate, days: number): PlainDate {
  return textOf(Date.parse(date) + days * day);
}

/**
 * The first instant at which a clock on the wall of a time zone shows a time of a date, or has passed it.
 *
 * So a time that comes twice, when the clock is set back, is the first of the two; and one that the clock leaves out,
 * when it is set forward, is the instant at which it is left out. Times of a day keep their order on every date.
 * @param minutes since midnight; from 1,440 on they lie on a later date
 */
export function instantOnClock(timeZone: string, date: PlainDate, minutes: number): Date {
  const wanted = Date.parse(date) + minutes * minute;
  // offsets that can be in force at that time; no zone changes its clock twice within two days
  const near = [wanted - day, wanted + day].map((at) => offsetAt(at, timeZone));
  const candidates = near.map((offset) => wanted - offset).toSorted((a, b) => a - b);
  const reached = candidates.find((at) => shownAt(at, timeZone) >= wanted) ?? wanted;
  return new Date(shownAt(reached, timeZone) === wanted ? reached : leapBefore(reached, wanted, timeZone));
}

/** The instant at which a clock is set forward past what is wanted: at the most a day before an instant after it. */
function leapBefore(after: number, wanted: number, timeZone: string): number {
  let [low, high] = [after - day, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shownAt(middle, timeZone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** What the clock shows, as the milliseconds at which a clock in UTC shows the same. */
function shownAt(at: number, timeZone: string): number {
  return at + offsetAt(at, timeZone);
}

/** A clock is changed at the beginning of a quarter of an hour at the earliest, whatever the zone. */
const quarter = 15 * minute;
/** Asking for an offset costs a hundred times what it takes to remember it, and a review asks millions of times. */
const offsets = new Map<string, number>();
const maxCachedOffsets = 20_000;

function offsetAt(at: number, timeZone: string): number {
  const since = Math.floor(at / quarter) * quarter;
  const key = `${timeZone} ${since}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= maxCachedOffsets) offsets.clear();
  const offset = tzOffset(timeZone, new Date(since)) * minute;
  offsets.set(key, offset);
  return offset;
}

function textOf(shown: number): PlainDate {
  return new Date(shown).toISOString().slice(0, 10);
}
