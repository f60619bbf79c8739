import type { Absence, WeeklyHours } from '../../../domain/agents/availability.ts';
import {
  type AvailabilityFault,
  absenceFaultsOf,
  hoursFaultsOf,
} from '../../../domain/agents/availability-faults.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { dateIn } from '../../../domain/time/wall-clock.ts';
import type { FieldFault } from '../../http/route.ts';
import { maxAbsences } from '../../schemas/agents/availability.ts';

/** Failed fields of weekly hours; `at` is the pointer of the whole. */
export function hoursFaultsIn(hours: WeeklyHours, at = ''): FieldFault[] {
  return hoursFaultsOf(hours).map(({ weekday, index, code }) => fault(`${at}/${weekday}/${index}`, code));
}

/** A switch that is over already. */
export function overrideFaultsIn(until: string | null | undefined, now: Date, at = ''): FieldFault[] {
  return until && new Date(until) <= now ? [fault(`${at}/until`, 'past')] : [];
}

/** Failed fields of one absence beside those that are entered; the same dates again are no fault. */
export function absenceFaultsIn(
  given: Partial<Absence>,
  { timeZone, absences, now }: { timeZone: string; absences: readonly Absence[]; now: Date },
): FieldFault[] {
  const isSame = absences.some(({ from, until }) => from === given.from && until === given.until);
  const others = isSame ? [] : absences;
  const faults = absenceFaultsOf(given, { today: dateIn(timeZone, now), others });
  const tooMany = others.length >= maxAbsences ? [fault('/from', 'too-many')] : [];
  return [...faults.map(({ field, code }) => fault(`/${field}`, code)), ...tooMany];
}

/** Failed fields of a list of absences that replaces the one there was. */
export function absenceListFaultsIn(
  list: readonly Absence[],
  { timeZone, now }: { timeZone: string; now: Date },
): FieldFault[] {
  const today = dateIn(timeZone, now);
  return list.flatMap((given, index) =>
    absenceFaultsOf(given, { today, others: list.slice(0, index) }).map(({ field, code }) =>
      fault(`/absences/${index}/${field}`, code),
    ),
  );
}

function fault(pointer: string, code: AvailabilityFault): FieldFault {
  return { pointer, code, detail: sentencesIn('en').availability.fault[code] };
}
