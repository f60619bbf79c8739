import type { AvailabilityView, WeeklyHoursBody } from '../../../../../api/schemas/agents/availability.ts';
import { type Weekday, weekdays } from '../../../../../domain/agents/availability.ts';
import { type HoursFault, hoursFaultsOf } from '../../../../../domain/agents/availability-faults.ts';

/** Hours as they are being typed; the key is the day's own and stays while parts before it go. */
export interface DraftedPart {
  key: number;
  from: string;
  until: string;
}

export type DraftedHours = Readonly<Record<Weekday, readonly DraftedPart[]>>;

/** The fields of the form from what is kept. A time field has no 24:00: the end of the day is its 00:00. */
export function draftOf(hours: AvailabilityView['hours']): DraftedHours {
  return eachDay((weekday) =>
    hours[weekday].map(({ from, until }, key) => ({
      key,
      from,
      until: until === '24:00' ? '00:00' : until,
    })),
  );
}

/** One more, to be filled in. */
export function withEmptyPart(parts: readonly DraftedPart[]): readonly DraftedPart[] {
  const key = Math.max(-1, ...parts.map((part) => part.key)) + 1;
  return [...parts, { key, from: '', until: '' }];
}

export function bodyOf(draft: DraftedHours): WeeklyHoursBody {
  return eachDay((weekday) =>
    draft[weekday].map(({ from, until }) => ({ from, until: until === '00:00' ? '24:00' : until })),
  );
}

/** What is wrong with each part, in the order of the form. */
export function faultsOfDraft(
  draft: DraftedHours,
): { weekday: Weekday; index: number; code: HoursFault | 'missing' }[] {
  const missing = weekdays.flatMap((weekday) =>
    draft[weekday].flatMap(({ from, until }, index) =>
      from && until ? [] : { weekday, index, code: 'missing' as const },
    ),
  );
  // with a time missing nothing can be said of what overlaps
  return missing.length > 0 ? missing : hoursFaultsOf(bodyOf(draft));
}

function eachDay<T>(of: (weekday: Weekday) => T): Record<Weekday, T> {
  return Object.fromEntries(weekdays.map((weekday) => [weekday, of(weekday)])) as Record<Weekday, T>;
}
