import { TZDate } from '@date-fns/tz';
import { addDays, formatISO } from 'date-fns';
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
