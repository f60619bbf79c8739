import type { AvailabilityView, WeeklyHoursBody } from '../../../../../api/schemas/agents/availability.ts';
import { type Weekday, weekdays } from '../../../../../domain/agents/availability.ts';
import { type HoursFault, hoursFaultsOf } from '../../../../../domain/agents/availability-faults.ts';

/** A time range as it is typed. The key stays the same when ranges before it are removed. */
export interface DraftedPart {
  key: number;
  from: string;
  until: string;
}

export type DraftedHours = Readonly<Record<Weekday, readonly DraftedPart[]>>;

/** Converts saved hours to form fields. A time field has no 24:00, so the end of the day is 00:00. */
export function draftOf(hours: AvailabilityView['hours']): DraftedHours {
  return eachDay((weekday) =>
    hours[weekday].map(({ from, until }, key) => ({
      key,
      from,
      until: until === '24:00' ? '00:00' : until,
    })),
  );
}

/** Hours of most offices: what a day begins with, so that most need no typing. */
const officeHours = { from: '09:00', until: '17:00' };

/** Adds a time range: the first of a day has office hours, a further one is empty. */
export function withNewPart(parts: readonly DraftedPart[]): readonly DraftedPart[] {
  const key = Math.max(-1, ...parts.map((part) => part.key)) + 1;
  return [...parts, { key, ...(parts.length === 0 ? officeHours : { from: '', until: '' }) }];
}

export function bodyOf(draft: DraftedHours): WeeklyHoursBody {
  return eachDay((weekday) =>
    draft[weekday].map(({ from, until }) => ({ from, until: until === '00:00' ? '24:00' : until })),
  );
}

export interface DraftFault {
  weekday: Weekday;
  index: number;
  code: HoursFault | 'missing';
}

/** Finds the errors of all time ranges, in the order of the form. */
export function faultsOfDraft(draft: DraftedHours): DraftFault[] {
  const missing = weekdays.flatMap((weekday) =>
    draft[weekday].flatMap(({ from, until }, index) =>
      from && until ? [] : { weekday, index, code: 'missing' as const },
    ),
  );
  // overlaps can be checked only when no time is missing
  return missing.length > 0 ? missing : hoursFaultsOf(bodyOf(draft));
}

/** Leaves out the errors that were mended since they were found. */
export function stillIn(draft: DraftedHours, found: readonly DraftFault[]): DraftFault[] {
  const now = faultsOfDraft(draft).map((fault) => JSON.stringify(fault));
  return found.filter((fault) => now.includes(JSON.stringify(fault)));
}

function eachDay<T>(of: (weekday: Weekday) => T): Record<Weekday, T> {
  return Object.fromEntries(weekdays.map((weekday) => [weekday, of(weekday)])) as Record<Weekday, T>;
}
