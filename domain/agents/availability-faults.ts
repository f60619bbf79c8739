import type { PlainDate } from '../onboarding/evidence.ts';
import {
  type Absence,
  type Hours,
  minutesOf,
  type Weekday,
  type WeeklyHours,
  weekdays,
} from './availability.ts';

/** Faults of a part of the weekly hours. */
export const hoursFaults = ['empty', 'overlapping'] as const;
export type HoursFault = (typeof hoursFaults)[number];

/** Faults of the dates of an absence. */
export const absenceFaults = ['before-from', 'past', 'overlapping'] as const;
export type AbsenceFault = (typeof absenceFaults)[number];

/** Faults of anything that an agent enters about their availability. */
export type AvailabilityFault = HoursFault | AbsenceFault | 'too-many';

const minutesAWeek = 7 * 1_440;

/** Finds the parts that are empty or overlap an earlier one, also across midnight and from Sunday into Monday. */
export function hoursFaultsOf(hours: WeeklyHours): { weekday: Weekday; index: number; code: HoursFault }[] {
  const parts = weekdays.flatMap((weekday, dayIndex) =>
    (hours[weekday] ?? []).map((part, index) => ({ weekday, index, part, ...inWeek(part, dayIndex) })),
  );
  return parts.flatMap(({ weekday, index, part, ...own }, position) => {
    if (part.from === part.until) return { weekday, index, code: 'empty' as const };
    const earlier = parts.slice(0, position).filter((other) => other.part.from !== other.part.until);
    const overlaps = earlier.some((other) => overlap(own, other));
    return overlaps ? { weekday, index, code: 'overlapping' as const } : [];
  });
}

/** Returns all faults of an absence, given today's date and the agent's other absences. */
export function absenceFaultsOf(
  { from, until }: Partial<Absence>,
  { today, others }: { today: PlainDate; others: readonly Absence[] },
): { field: keyof Absence; code: AbsenceFault }[] {
  const faults: { field: keyof Absence; code: AbsenceFault }[] = [];
  if (until !== undefined && until < today) faults.push({ field: 'until', code: 'past' });
  if (from === undefined || until === undefined) return faults;
  if (until < from) faults.push({ field: 'until', code: 'before-from' });
  else if (others.some((other) => from <= other.until && other.from <= until))
    faults.push({ field: 'from', code: 'overlapping' });
  return faults;
}

interface Span {
  from: number;
  until: number;
}

function inWeek(part: Hours, dayIndex: number): Span {
  const { from, until } = minutesOf(part);
  return { from: from + dayIndex * 1_440, until: until + dayIndex * 1_440 };
}

/** True when two parts overlap in a week that repeats itself. */
function overlap(a: Span, b: Span): boolean {
  return [-minutesAWeek, 0, minutesAWeek].some(
    (shift) => a.from < b.until + shift && b.from + shift < a.until,
  );
}
