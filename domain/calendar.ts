import { TZDate } from '@date-fns/tz';
import { addBusinessDays, addDays, formatISO } from 'date-fns';
import type { PlainDate } from './evidence.ts';

/** The Marketplace keeps its calendar on Eastern time: a registration that ends on a day ends with it there. */
export const marketplaceTimeZone = 'America/New_York';

/** The calendar date in the Marketplace's time zone at an instant. */
export function dateAt(instant: Date): PlainDate {
  return formatISO(new TZDate(instant.getTime(), marketplaceTimeZone), { representation: 'date' });
}

/** The instant a calendar date begins in the Marketplace's time zone. */
export function startOf(date: PlainDate): Date {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return new Date(new TZDate(year, month - 1, day, marketplaceTimeZone).getTime());
}

/** The first instant after a calendar date, when something that held through that date ends. */
export function endOf(date: PlainDate): Date {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return new Date(addDays(new TZDate(year, month - 1, day, marketplaceTimeZone), 1).getTime());
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
