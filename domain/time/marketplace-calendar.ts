import { TZDate } from '@date-fns/tz';
import { addBusinessDays, formatISO } from 'date-fns';
import type { PlainDate } from '../onboarding/evidence.ts';
import { dateIn, daysAfter, instantOnClock } from './wall-clock.ts';

/** The Marketplace keeps its calendar on Eastern time: a registration that ends on a day ends with it there. */
export const marketplaceTimeZone = 'America/New_York';

/** The calendar date in the Marketplace's time zone at an instant. */
export function marketplaceDateAt(instant: Date): PlainDate {
  return dateIn(marketplaceTimeZone, instant);
}

/** The dates of licenses and registrations are few, and a review asks for each of them thousands of times. */
const dayStarts = new Map<PlainDate, number>();
const maxCachedDays = 10_000;

/** The instant a calendar date begins in the Marketplace's time zone. */
export function startOfMarketplaceDay(date: PlainDate): Date {
  let startsAt = dayStarts.get(date);
  if (startsAt === undefined) {
    if (dayStarts.size >= maxCachedDays) dayStarts.clear();
    startsAt = instantOnClock(marketplaceTimeZone, date, 0).getTime();
    dayStarts.set(date, startsAt);
  }
  return new Date(startsAt);
}

/** The first instant after a calendar date, when something that held through that date ends. */
export function endOfMarketplaceDay(date: PlainDate): Date {
  return startOfMarketplaceDay(daysAfter(date, 1));
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
  return endOfMarketplaceDay(formatISO(day, { representation: 'date' }));
}
