import type { PlainDate } from '../onboarding/evidence.ts';
import { dateIn, daysAfter, instantOnClock } from '../time/wall-clock.ts';

/** Days of the week in ISO order, from Monday. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * A part of a day in the agent's time zone, `HH:MM`; `until` is not included. `24:00` is the end of the day. An end that
 * is not after the start lies on the next day. A part belongs to the day on which it starts.
 */
export interface Hours {
  from: string;
  until: string;
}

export type WeeklyHours = Readonly<Partial<Record<Weekday, readonly Hours[]>>>;

/** The agent's manual switch. It stays in force until an instant, or until the agent changes it. */
export interface Override {
  is: 'on' | 'off';
  untilAt: Date | null;
}

/** Dates on which the agent is away, in their time zone, first and last date included. */
export interface Absence {
  from: PlainDate;
  until: PlainDate;
}

/** Everything that an agent has entered about their availability. */
export interface AvailabilitySetting {
  /** IANA name of the agent's time zone. */
  timeZone: string;
  hours: WeeklyHours;
  override: Override | null;
  absences: readonly Absence[];
}

/** Rules that can decide, the strongest first: an absence, the switch, the weekly hours. */
export const availabilityReasons = ['absent', 'override', 'hours', 'always'] as const;
export type AvailabilityReason = (typeof availabilityReasons)[number];

export interface Availability {
  isAvailable: boolean;
  because: AvailabilityReason;
  /** Next instant at which `isAvailable` changes without a new entry; undefined: never. */
  changesAt: Date | undefined;
}

/** A period of uninterrupted availability; `until` is undefined where it has no end. */
export interface AvailabilityWindow {
  from: Date;
  until: Date | undefined;
}

/**
 * Computes whether an agent is available at an instant, by which rule, and until when.
 *
 * An absence beats the switch: it is entered ahead for whole days, and a forgotten "on" must not reach an agent on
 * vacation. The switch beats the weekly hours: it is for the day that differs from others. An agent without weekly hours
 * is always available, so that nobody has to visit the page; one who wants no offers uses the switch.
 */
export function availabilityAt(now: Date, setting: AvailabilitySetting): Availability {
  const { isAvailable, because, endsAt } = decisiveRuleAt(now, setting);
  let changesAt = endsAt;
  while (changesAt) {
    const next = decisiveRuleAt(changesAt, setting);
    if (next.isAvailable !== isAvailable) break;
    changesAt = next.endsAt;
  }
  return { isAvailable, because, changesAt };
}

/** Returns the current period of availability, starting now, or else the next one; undefined: there is none. */
export function availabilityWindowAt(
  now: Date,
  setting: AvailabilitySetting,
): AvailabilityWindow | undefined {
  const { isAvailable, changesAt } = availabilityAt(now, setting);
  if (isAvailable) return { from: now, until: changesAt };
  return changesAt && { from: changesAt, until: availabilityAt(changesAt, setting).changesAt };
}

/** Finds the rule that decides at an instant, and the next instant at which another one may. */
function decisiveRuleAt(now: Date, setting: AvailabilitySetting): Omit<Availability, 'changesAt'> & WithEnd {
  const { absences, override, hours, timeZone } = setting;
  const away = absences.map(({ from, until }) => ({
    from: instantOnClock(timeZone, from, 0),
    until: instantOnClock(timeZone, until, minutesADay),
  }));
  const absence = away.find(({ from, until }) => from <= now && now < until);
  if (absence) return { isAvailable: false, because: 'absent', endsAt: absence.until };
  const leavesAt = earliest(away.map(({ from }) => from).filter((from) => from > now));
  if (override && (!override.untilAt || now < override.untilAt)) {
    const endsAt = earliest([override.untilAt, leavesAt]);
    return { isAvailable: override.is === 'on', because: 'override', endsAt };
  }
  if (!weekdays.some((weekday) => hours[weekday]?.length))
    return { isAvailable: true, because: 'always', endsAt: leavesAt };
  const { isOpen, endsAt } = openingAt(now, { hours, timeZone });
  return { isAvailable: isOpen, because: 'hours', endsAt: earliest([endsAt, leavesAt]) };
}

interface WithEnd {
  endsAt: Date | undefined;
}

const minutesADay = 1_440;
// two weeks and a margin: a change of the clock can skip the hours of one of the two
const daysToLookAhead = 16;

/** Checks an instant against the weekly hours alone, and finds the next instant at which the answer changes. */
function openingAt(
  now: Date,
  { hours, timeZone }: Pick<AvailabilitySetting, 'hours' | 'timeZone'>,
): { isOpen: boolean } & WithEnd {
  const today = dateIn(timeZone, now);
  let open: { from: Date; until: Date } | undefined;
  // yesterday's hours can extend past midnight
  for (let ahead = -1; ahead <= daysToLookAhead; ahead += 1) {
    for (const part of partsOn(daysAfter(today, ahead), { hours, timeZone })) {
      if (part.until <= now || part.until <= part.from) continue;
      if (open && part.from > open.until) return openingOf(open, now);
      open = { from: open?.from ?? part.from, until: latest(open?.until, part.until) };
    }
  }
  if (!open) return { isOpen: false, endsAt: undefined };
  const isWithoutEnd = open.until >= instantOnClock(timeZone, today, daysToLookAhead * minutesADay);
  return isWithoutEnd && open.from <= now ? { isOpen: true, endsAt: undefined } : openingOf(open, now);
}

function openingOf({ from, until }: { from: Date; until: Date }, now: Date): { isOpen: boolean } & WithEnd {
  return from <= now ? { isOpen: true, endsAt: until } : { isOpen: false, endsAt: from };
}

/** Parts that start on a date, as instants, in order. */
function partsOn(
  date: PlainDate,
  { hours, timeZone }: Pick<AvailabilitySetting, 'hours' | 'timeZone'>,
): { from: Date; until: Date }[] {
  return (hours[weekdayOf(date)] ?? [])
    .map(minutesOf)
    .toSorted((a, b) => a.from - b.from)
    .map(({ from, until }) => ({
      from: instantOnClock(timeZone, date, from),
      until: instantOnClock(timeZone, date, until),
    }));
}

/** Converts a part to minutes since midnight of its day; an end on the next day is more than 1,440. */
export function minutesOf({ from, until }: Hours): { from: number; until: number } {
  const [begins, ends] = [from, until].map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return hour * 60 + minute;
  }) as [number, number];
  return { from: begins, until: ends > begins ? ends : ends + minutesADay };
}

function weekdayOf(date: PlainDate): Weekday {
  const [sunday, monday] = [weekdays[6], weekdays[0]];
  const index = new Date(date).getUTCDay();
  return index === 0 ? sunday : (weekdays[index - 1] ?? monday);
}

function earliest(instants: readonly (Date | null | undefined)[]): Date | undefined {
  return instants
    .filter((instant) => instant instanceof Date)
    .toSorted((a, b) => a.getTime() - b.getTime())[0];
}

function latest(a: Date | undefined, b: Date): Date {
  return a && a > b ? a : b;
}
