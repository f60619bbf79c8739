import type { PlainDate } from '../onboarding/evidence.ts';
import {
  type Absence,
  type Hours,
  minutesOf,
  type Weekday,
  type WeeklyHours,
  weekdays,
} from './availability.ts';

/** What is wrong with a part of the weekly hours. */
export const hoursFaults = ['empty', 'overlapping'] as const;
export type HoursFault = (typeof hoursFaults)[number];

/** What is wrong with the dates of an absence. */
export const absenceFaults = ['before-from', 'past', 'overlapping'] as const;
export type AbsenceFault = (typeof absenceFaults)[number];

/** Every way in which what an agent says of his availability can be wrong. */
export type AvailabilityFault = HoursFault | AbsenceFault | 'too-many';

const minutesAWeek = 7 * 1_440;

/** Every part that is empty, or that overlaps an earlier one, also over midnight and from Sunday into Monday. */
export function hoursFaultsOf(hours: WeeklyHours): { weekday: Weekday; index: number; code: HoursFault }[] {
  const parts = weekdays.flatMap((weekday, dayIndex) =>
    (hours[weekday] ?? []).map((part, index) => ({ weekday, index, part, ...inWeek(part, dayIndex) })),
  );
  return parts.flatMap(({ weekday, index, part, ...own }, place) => {
    if (part.from === part.until) return { weekday, index, code: 'empty' as const };
    const earlier = parts.slice(0, place).filter((other) => other.part.from !== other.part.until);
    const meets = earlier.some((other) => overlap(own, other));
    return meets ? { weekday, index, code: 'overlapping' as const } : [];
  });
}

/** Everything that is wrong with an absence on a day, beside those that are entered already. */
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

/** Whether two parts meet in a week that begins anew after Sunday. */
function overlap(a: Span, b: Span): boolean {
  return [-minutesAWeek, 0, minutesAWeek].some(
    (shift) => a.from < b.until + shift && b.from + shift < a.until,
  );
}
