import { TZDate } from '@date-fns/tz';
import { addBusinessDays } from 'date-fns/addBusinessDays';
import { formatISO } from 'date-fns/formatISO';
import type { PlainDate } from '../onboarding/evidence.ts';
import { dateIn, daysAfter, instantOnClock } from './wall-clock.ts';

/** The Marketplace's dates are in Eastern time: a registration ends at the end of its last day there. */
export const marketplaceTimeZone = 'America/New_York';

/** Calendar date in the Marketplace's time zone at an instant. */
export function marketplaceDateAt(instant: Date): PlainDate {
  return dateIn(marketplaceTimeZone, instant);
}

/** Cache: there are few distinct dates of licenses and registrations, and a review needs each thousands of times. */
const dayStarts = new Map<PlainDate, number>();
const maxCachedDays = 10_000;

/** Instant at which a calendar date begins in the Marketplace's time zone. */
export function startOfMarketplaceDay(date: PlainDate): Date {
  let startsAt = dayStarts.get(date);
  if (startsAt === undefined) {
    if (dayStarts.size >= maxCachedDays) dayStarts.clear();
    startsAt = instantOnClock(marketplaceTimeZone, date, 0).getTime();
    dayStarts.set(date, startsAt);
  }
  return new Date(startsAt);
}

/** First instant after a calendar date: the end of anything that is valid through that date. */
export function endOfMarketplaceDay(date: PlainDate): Date {
  return startOfMarketplaceDay(daysAfter(date, 1));
}

/** A length of time: milliseconds, or days from Monday to Friday. */
export type Period = { ms: number } | { businessDays: number };

/**
 * Instant at which a period has passed. Business days are counted in the Marketplace's time zone from the date of
 * `since`, through the end of the last one; public holidays count as business days.
 */
export function afterPeriod(since: Date, period: Period): Date {
  if ('ms' in period) return new Date(since.getTime() + period.ms);
  const day = addBusinessDays(new TZDate(since.getTime(), marketplaceTimeZone), period.businessDays);
  return endOfMarketplaceDay(formatISO(day, { representation: 'date' }));
}
