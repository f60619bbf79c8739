import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type AvailabilitySetting,
  availabilityAt,
  availabilityWindowAt,
  type Hours,
  type WeeklyHours,
  weekdays,
} from '../../../domain/agents/availability.ts';
import { absenceFaultsOf, hoursFaultsOf } from '../../../domain/agents/availability-faults.ts';
import { expectedAvailability, minutesBetween } from './availability-reference.ts';

const eastern = 'America/New_York';
const workdays = (parts: readonly Hours[]): WeeklyHours =>
  Object.fromEntries(weekdays.slice(0, 5).map((weekday) => [weekday, parts]));
const everyDay = (parts: readonly Hours[]): WeeklyHours =>
  Object.fromEntries(weekdays.map((weekday) => [weekday, parts]));
const nineToFive = workdays([{ from: '09:00', until: '17:00' }]);
const setting = (more: Partial<AvailabilitySetting> = {}): AvailabilitySetting => ({
  timeZone: eastern,
  hours: {},
  override: null,
  absences: [],
  ...more,
});
const at = (text: string) => new Date(text);

describe('what decides', () => {
  // a Monday at noon in Eastern time
  const noon = at('2026-11-23T17:00:00Z');
  const five = at('2026-11-23T22:00:00Z');

  test('an agent who has set nothing is always available', () => {
    expect(availabilityAt(noon, setting())).toEqual({
      isAvailable: true,
      because: 'always',
      changesAt: undefined,
    });
    expect(availabilityWindowAt(noon, setting())).toEqual({ from: noon, until: undefined });
  });

  test('weekly hours are those of the agent’s own clock, not of another zone', () => {
    const hours = nineToFive;
    expect(availabilityAt(noon, setting({ hours }))).toMatchObject({ because: 'hours', changesAt: five });
    // 7 a.m. in Guam is 5 p.m. of the day before in Eastern time
    const guam = setting({ hours, timeZone: 'Pacific/Guam' });
    expect(availabilityAt(noon, guam)).toEqual({
      isAvailable: false,
      because: 'hours',
      changesAt: at('2026-11-23T23:00:00Z'),
    });
  });

  test('an override beats the hours, and ends by itself', () => {
    const off = { is: 'off' as const, untilAt: at('2026-11-23T18:30:00Z') };
    const hours = nineToFive;
    expect(availabilityAt(noon, setting({ hours, override: off }))).toEqual({
      isAvailable: false,
      because: 'override',
      changesAt: off.untilAt,
    });
    expect(availabilityWindowAt(noon, setting({ hours, override: off }))).toEqual({
      from: off.untilAt,
      until: five,
    });
    expect(availabilityAt(off.untilAt, setting({ hours, override: off }))).toMatchObject({
      isAvailable: true,
      because: 'hours',
    });
    // "on" that ends inside the hours hands over to them without a break
    const on = { is: 'on' as const, untilAt: off.untilAt };
    expect(availabilityAt(noon, setting({ hours, override: on }))).toMatchObject({
      because: 'override',
      changesAt: five,
    });
  });

  test('an override without an end lasts until the next one', () => {
    const off = setting({ hours: nineToFive, override: { is: 'off', untilAt: null } });
    expect(availabilityAt(noon, off)).toMatchObject({ isAvailable: false, changesAt: undefined });
    expect(availabilityWindowAt(noon, off)).toBeUndefined();
  });

  test('an absence beats the override, on its first and on its last day', () => {
    const absences = [{ from: '2026-11-24', until: '2026-11-25' }];
    const away = setting({ override: { is: 'on', untilAt: null }, absences });
    const [begins, ends] = [at('2026-11-24T05:00:00Z'), at('2026-11-26T05:00:00Z')];
    expect(availabilityAt(noon, away)).toEqual({ isAvailable: true, because: 'override', changesAt: begins });
    expect(availabilityAt(begins, away)).toEqual({ isAvailable: false, because: 'absent', changesAt: ends });
    expect(availabilityAt(ends, away)).toMatchObject({ isAvailable: true, because: 'override' });
  });

  test('adjacent absences are one', () => {
    const absences = [
      { from: '2026-11-26', until: '2026-11-27' },
      { from: '2026-11-23', until: '2026-11-25' },
    ];
    expect(availabilityAt(noon, setting({ absences })).changesAt).toEqual(at('2026-11-28T05:00:00Z'));
  });

  test('parts that touch, over midnight too, are one; without a gap in the week there is no end', () => {
    const hours = everyDay([
      { from: '08:00', until: '20:00' },
      { from: '20:00', until: '08:00' },
    ]);
    expect(availabilityAt(noon, setting({ hours })).changesAt).toBeUndefined();
    const fullDays = everyDay([{ from: '00:00', until: '24:00' }]);
    expect(availabilityAt(noon, setting({ hours: fullDays })).changesAt).toBeUndefined();
    expect(availabilityAt(noon, setting({ hours: { ...fullDays, thursday: [] } })).changesAt).toEqual(
      at('2026-11-26T05:00:00Z'),
    );
  });
});

describe('when the clock is changed', () => {
  const windowsOf = (now: string, hours: WeeklyHours) => {
    const { from, until } = availabilityWindowAt(at(now), setting({ hours })) ?? {};
    return [from?.toISOString(), until?.toISOString()];
  };

  test('nine stays nine on the clock', () => {
    expect(windowsOf('2027-03-13T00:00:00Z', nineToFive)[0]).toBe('2027-03-15T13:00:00.000Z');
    expect(windowsOf('2027-03-06T00:00:00Z', nineToFive)[0]).toBe('2027-03-08T14:00:00.000Z');
  });

  test('a night over the change is an hour shorter in spring and longer in fall', () => {
    const hours = everyDay([{ from: '22:00', until: '06:00' }]);
    expect(windowsOf('2027-03-13T20:00:00Z', hours)).toEqual([
      '2027-03-14T03:00:00.000Z',
      '2027-03-14T10:00:00.000Z',
    ]);
    expect(windowsOf('2026-10-31T20:00:00Z', hours)).toEqual([
      '2026-11-01T02:00:00.000Z',
      '2026-11-01T11:00:00.000Z',
    ]);
  });

  test('a time that is left out is the instant at which it is left out', () => {
    expect(windowsOf('2027-03-14T06:00:00Z', { sunday: [{ from: '02:30', until: '05:00' }] })).toEqual([
      '2027-03-14T07:00:00.000Z',
      '2027-03-14T09:00:00.000Z',
    ]);
    // hours within the gap are skipped that week and apply a week later
    expect(windowsOf('2027-03-14T06:00:00Z', { sunday: [{ from: '02:15', until: '02:45' }] })).toEqual([
      '2027-03-21T06:15:00.000Z',
      '2027-03-21T06:45:00.000Z',
    ]);
  });

  test('a time that comes twice is the first of the two', () => {
    expect(windowsOf('2026-11-01T04:00:00Z', { sunday: [{ from: '01:30', until: '03:00' }] })).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T08:00:00.000Z',
    ]);
    expect(windowsOf('2026-11-01T04:30:00Z', { sunday: [{ from: '00:00', until: '01:30' }] })).toEqual([
      '2026-11-01T04:30:00.000Z',
      '2026-11-01T05:30:00.000Z',
    ]);
  });
});

describe.each([
  ['America/New_York, spring', 'America/New_York', '2027-03-07T00:00:00Z'],
  ['America/New_York, fall', 'America/New_York', '2026-10-25T00:00:00Z'],
  ['America/Adak, spring', 'America/Adak', '2027-03-07T00:00:00Z'],
  ['America/Phoenix, where nothing changes', 'America/Phoenix', '2027-03-07T00:00:00Z'],
  ['Pacific/Guam, a day ahead', 'Pacific/Guam', '2026-10-25T00:00:00Z'],
])('minute by minute: %s', (_where, timeZone, from) => {
  const weeks = (number: number) => new Date(Date.parse(from) + number * 7 * 86_400_000).toISOString();
  const minutes = minutesBetween(timeZone, from, weeks(3));
  const first = Date.parse(from);

  test('rule and clock agree on whether, why, until when and what comes next', () => {
    fc.assert(
      fc.property(
        anySetting(timeZone, from),
        // in the days around the change
        fc.integer({ min: 2 * 1_440, max: 12 * 1_440 }),
        fc.integer({ min: 0, max: 59_999 }),
        (said, index, ms) => {
          const now = new Date(first + index * 60_000 + ms);
          const here = minutes[index];
          if (!here) throw new Error('outside of the minutes');
          const expected = expectedAvailability(here, said);
          const { changesAt, ...found } = availabilityAt(now, said);
          expect(found).toEqual(expected);
          const nextChange = (start: number, isAvailable: boolean) =>
            minutes
              .slice(start)
              .find((minute) => expectedAvailability(minute, said).isAvailable !== isAvailable)?.at;
          const change = nextChange(index, expected.isAvailable);
          expect(inSight(changesAt)).toBe(change);
          const window = availabilityWindowAt(now, said);
          const begins = expected.isAvailable ? now.getTime() : change;
          expect(inSight(window?.from)).toBe(begins);
          if (begins === undefined) return;
          expect(inSight(window?.until)).toBe(nextChange(Math.floor((begins - first) / 60_000), true));
        },
      ),
      { numRuns: 150 },
    );
  });

  /** Drops an instant after the simulated minutes, which the reference cannot see. */
  function inSight(instant: Date | undefined): number | undefined {
    return instant && instant.getTime() < Date.parse(weeks(3)) ? instant.getTime() : undefined;
  }
});

function anySetting(timeZone: string, from: string): fc.Arbitrary<AvailabilitySetting> {
  const quarter = (most: number) =>
    fc.integer({ min: 0, max: most }).map((quarters) => {
      const minutes = quarters * 15;
      return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    });
  // favors the hours in which clocks are changed
  const anyTime = fc.oneof(quarter(16), quarter(95));
  const part = fc.oneof(
    { weight: 8, arbitrary: fc.record({ from: anyTime, until: anyTime }) },
    { weight: 1, arbitrary: fc.constant({ from: '00:00', until: '24:00' }) },
  );
  const hours = fc.record(
    Object.fromEntries(weekdays.map((weekday) => [weekday, fc.array(part, { maxLength: 3 })])),
    { requiredKeys: [] },
  ) as fc.Arbitrary<WeeklyHours>;
  const day = (ahead: number) => new Date(Date.parse(from) + ahead * 86_400_000).toISOString().slice(0, 10);
  const absence = fc
    .tuple(fc.integer({ min: -2, max: 16 }), fc.integer({ min: 0, max: 4 }))
    .map(([begins, length]) => ({ from: day(begins), until: day(begins + length) }));
  const override = fc.record({
    is: fc.constantFrom('on' as const, 'off' as const),
    untilAt: fc.option(
      fc.integer({ min: 0, max: 14 * 96 }).map((quarters) => new Date(Date.parse(from) + quarters * 900_000)),
    ),
  });
  return fc.record({
    timeZone: fc.constant(timeZone),
    hours: fc.oneof({ weight: 5, arbitrary: hours }, { weight: 1, arbitrary: fc.constant({}) }),
    override: fc.option(override, { freq: 1 }),
    absences: fc.oneof(fc.constant([]), fc.array(absence, { maxLength: 3 })),
  });
}

describe('what is wrong', () => {
  test('with hours: every part that is empty or overlaps, over midnight and from Sunday into Monday', () => {
    const hours: WeeklyHours = {
      monday: [
        { from: '05:00', until: '09:00' },
        { from: '09:00', until: '12:00' },
        { from: '11:45', until: '13:00' },
      ],
      tuesday: [
        { from: '10:00', until: '10:00' },
        { from: '22:00', until: '02:00' },
      ],
      wednesday: [{ from: '01:00', until: '03:00' }],
      sunday: [{ from: '20:00', until: '05:15' }],
    };
    expect(hoursFaultsOf(hours)).toEqual([
      { weekday: 'monday', index: 2, code: 'overlapping' },
      { weekday: 'tuesday', index: 0, code: 'empty' },
      { weekday: 'wednesday', index: 0, code: 'overlapping' },
      { weekday: 'sunday', index: 0, code: 'overlapping' },
    ]);
    expect(hoursFaultsOf(everyDay([{ from: '00:00', until: '24:00' }]))).toEqual([]);
  });

  test('with an absence: it is over, it ends before it begins, it overlaps another', () => {
    const known = { today: '2026-11-23', others: [{ from: '2026-12-01', until: '2026-12-05' }] };
    expect(absenceFaultsOf({ from: '2026-11-20', until: '2026-11-23' }, known)).toEqual([]);
    expect(absenceFaultsOf({ from: '2026-11-22', until: '2026-11-21' }, known)).toEqual([
      { field: 'until', code: 'past' },
      { field: 'until', code: 'before-from' },
    ]);
    expect(absenceFaultsOf({ from: '2026-12-05', until: '2026-12-06' }, known)).toEqual([
      { field: 'from', code: 'overlapping' },
    ]);
    expect(absenceFaultsOf({ from: '2026-12-06', until: '2026-12-06' }, known)).toEqual([]);
  });
});
