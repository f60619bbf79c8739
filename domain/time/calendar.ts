import { TZDate } from '@date-fns/tz';
import { addBusinessDays, formatISO } from 'date-fns';
import type { PlainDate } from '../onboarding/evidence.ts';
import { dateIn, daysAfter, whenClockReaches } from './wall-clock.ts';

/** The Marketplace keeps its calendar on Eastern time: a registration that ends on a day ends with it there. */
export const marketplaceTimeZone = 'America/New_York';

/** The calendar date in the Marketplace's time zone at an instant. */
export function dateAt(instant: Date): PlainDate {
  return dateIn(marketplaceTimeZone, instant);
}

/** The dates of licenses and registrations are few, and a review asks for each of them thousands of times. */
const starts = new Map<PlainDate, number>();
const mostStarts = 10_000;

/** The instant a calendar date begins in the Marketplace's time zone. */
export function startOf(date: PlainDate): Date {
  let startsAt = starts.get(date);
  if (startsAt === undefined) {
    if (starts.size >= mostStarts) starts.clear();
    startsAt = whenClockReaches(marketplaceTimeZone, date, 0).getTime();
    starts.set(date, startsAt);
  }
  return new Date(startsAt);
}

/** The first instant after a calendar date, when something that held through that date ends. */
export function endOf(date: PlainDate): Date {
  return startOf(daysAfter(date, 1));
}

/** A length of time: so many milliseconds, or so many days from Monday to Friday. */
export type Period = { ms: number } | { businessDays: number };

/**
 * The instant at which a period has passed since a moment. Business days are counted in the Marketplace's time zone
 * from the moment's own date, and the last one has passed when it is over; public holidays count as any weekday.
 */
export function afterPeriod(since: Date, period: Period): Date {
  if ('ms' in period) return new Date(since.getTime() + period.ms);
  const day = addBusinessDays(new TZDate(since.getTime(), marketplaceTimeZone), period.businessDays);
  return endOf(formatISO(day, { representation: 'date' }));
}
