import type { PlainDate } from '../onboarding/evidence.ts';
import { dateIn, daysAfter, instantOnClock } from '../time/wall-clock.ts';

/** Days of the week in ISO order, Monday being the first. */
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
 * A part of a day, `HH:MM` on the clock of the agent's time zone, without its end. `24:00` is the end of the day; an
 * end that is not after the beginning lies on the next day. A part belongs to the day on which it begins.
 */
export interface Hours {
  from: string;
  until: string;
}

export type WeeklyHours = Readonly<Partial<Record<Weekday, readonly Hours[]>>>;

/** The agent's switch; it holds until an instant, or until it is switched again. */
export interface Override {
  is: 'on' | 'off';
  untilAt: Date | null;
}

/** Dates on which the agent is away, in his time zone, the first and the last included. */
export interface Absence {
  from: PlainDate;
  until: PlainDate;
}

/** All that an agent has said about when he can be asked. */
export interface AvailabilitySetting {
  /** IANA name of the agent's time zone. */
  timeZone: string;
  hours: WeeklyHours;
  override: Override | null;
  absences: readonly Absence[];
}

/** What decides, the strongest first: an absence beats the switch, the switch beats the weekly hours. */
export const availabilityReasons = ['absent', 'override', 'hours', 'always'] as const;
export type AvailabilityReason = (typeof availabilityReasons)[number];

export interface Availability {
  isAvailable: boolean;
  because: AvailabilityReason;
  /** When `isAvailable` turns to the other by itself; undefined: never. */
  changesAt: Date | undefined;
}

/** A time of uninterrupted availability; without an end of its own `until` is undefined. */
export interface AvailabilityWindow {
  from: Date;
  until: Date | undefined;
}

/**
 * Whether an agent can be asked at an instant, what decides it, and until when that holds.
 *
 * An absence beats the switch: it is said ahead for whole days, and a switch forgotten in «on» must not reach
 * somebody on vacation. The switch beats the hours: it is there for the day that differs from others. Who has set no
 * hours is always available, as an agent who never looks at this page has always been; who wants none switches off.
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

/** The time of uninterrupted availability that is running, from now on, or else the next; undefined: there is none. */
export function availabilityWindowAt(
  now: Date,
  setting: AvailabilitySetting,
): AvailabilityWindow | undefined {
  const { isAvailable, changesAt } = availabilityAt(now, setting);
  if (isAvailable) return { from: now, until: changesAt };
  return changesAt && { from: changesAt, until: availabilityAt(changesAt, setting).changesAt };
}

/** What decides at an instant, and when something else may. */
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
// a week repeats itself, and a change of the clock can swallow what is open or closed in one of two
const daysToLookAhead = 16;

/** Whether an instant lies within the weekly hours, and when that changes by them alone. */
function openingAt(
  now: Date,
  { hours, timeZone }: Pick<AvailabilitySetting, 'hours' | 'timeZone'>,
): { isOpen: boolean } & WithEnd {
  const today = dateIn(timeZone, now);
  let open: { from: Date; until: Date } | undefined;
  // yesterday's can reach over midnight
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

/** The parts that begin on a date, as instants, in their order. */
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

/** A part in minutes since its day's midnight; an end on the next day is 1,440 or more. */
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
