import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  afterPeriod,
  endOfMarketplaceDay,
  marketplaceDateAt,
  startOfMarketplaceDay,
} from '../../../domain/time/marketplace-calendar.ts';

/** Computes the same calendar from the platform's own tables instead of a library's. */
const eastern = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short' });

test.each([
  [
    'in winter at 5 in the morning, UTC',
    '2026-12-31',
    '2026-12-31T05:00:00.000Z',
    '2027-01-01T05:00:00.000Z',
  ],
  ['in summer at 4', '2026-07-04', '2026-07-04T04:00:00.000Z', '2026-07-05T04:00:00.000Z'],
  ['in spring a day is 23 hours', '2027-03-14', '2027-03-14T05:00:00.000Z', '2027-03-15T04:00:00.000Z'],
  ['in fall a day is 25 hours', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ['a leap day is a day', '2028-02-29', '2028-02-29T05:00:00.000Z', '2028-03-01T05:00:00.000Z'],
])('%s: %s', (_when, date, start, end) => {
  expect(startOfMarketplaceDay(date).toISOString()).toBe(start);
  expect(endOfMarketplaceDay(date).toISOString()).toBe(end);
});

test('late in the evening in the east it is still the same day, though not in UTC', () => {
  expect(marketplaceDateAt(new Date('2027-01-01T04:59:59.999Z'))).toBe('2026-12-31');
  expect(marketplaceDateAt(new Date('2027-01-01T05:00:00.000Z'))).toBe('2027-01-01');
});

test('every instant lies in its date, from its start until just before its end', () => {
  const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (instant) => {
      const date = marketplaceDateAt(instant);
      expect(date).toBe(eastern.format(instant));
      expect(startOfMarketplaceDay(date).getTime()).toBeLessThanOrEqual(instant.getTime());
      expect(instant.getTime()).toBeLessThan(endOfMarketplaceDay(date).getTime());
      expect(marketplaceDateAt(startOfMarketplaceDay(date))).toBe(date);
      expect(marketplaceDateAt(new Date(endOfMarketplaceDay(date).getTime() - 1))).toBe(date);
      expect(startOfMarketplaceDay(marketplaceDateAt(endOfMarketplaceDay(date)))).toEqual(
        endOfMarketplaceDay(date),
      );
    }),
    { numRuns: 500 },
  );
});

// the guide: "within approximately two (2) business days of completing training"
test.each([
  ['a Monday morning: Wednesday', '2026-11-23T15:00:00Z', '2026-11-26T05:00:00.000Z'],
  ['a Thursday: Monday, since nobody works on a weekend', '2026-11-19T15:00:00Z', '2026-11-24T05:00:00.000Z'],
  ['a Saturday: Tuesday', '2026-11-21T15:00:00Z', '2026-11-25T05:00:00.000Z'],
  ['a Friday evening, which is Saturday in UTC: Tuesday', '2026-11-21T03:00:00Z', '2026-11-25T05:00:00.000Z'],
  ['the Friday before the clock is set back: Tuesday', '2026-10-30T15:00:00Z', '2026-11-04T05:00:00.000Z'],
])('two business days are over at the end of the second one, from %s', (_when, since, end) => {
  expect(afterPeriod(new Date(since), { businessDays: 2 }).toISOString()).toBe(end);
});
