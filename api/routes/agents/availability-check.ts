import type { Absence, WeeklyHours } from '../../../domain/agents/availability.ts';
import {
  type AvailabilityFault,
  absenceFaultsOf,
  hoursFaultsOf,
} from '../../../domain/agents/availability-faults.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { dateIn } from '../../../domain/time/wall-clock.ts';
import type { FieldFault } from '../../http/requests/checked.ts';
import { maxAbsences } from '../../schemas/agents/availability.ts';

/** Finds the failed fields of weekly hours. @param at JSON Pointer of the hours in the body */
export function hoursFaultsIn(hours: WeeklyHours, at = ''): FieldFault[] {
  return hoursFaultsOf(hours).map(({ weekday, index, code }) => fault(`${at}/${weekday}/${index}`, code));
}

/** Finds an override that has ended already. */
export function overrideFaultsIn(until: string | null | undefined, now: Date, at = ''): FieldFault[] {
  return until && new Date(until) <= now ? [fault(`${at}/until`, 'past')] : [];
}

/** Finds the failed fields of one more absence. Dates equal to those of an existing absence are valid. */
export function absenceFaultsIn(
  dates: Partial<Absence>,
  { timeZone, absences, now }: { timeZone: string; absences: readonly Absence[]; now: Date },
): FieldFault[] {
  const isSame = absences.some(({ from, until }) => from === dates.from && until === dates.until);
  const others = isSame ? [] : absences;
  const faults = absenceFaultsOf(dates, { today: dateIn(timeZone, now), others });
  const tooMany = others.length >= maxAbsences ? [fault('/from', 'too-many')] : [];
  return [...faults.map(({ field, code }) => fault(`/${field}`, code)), ...tooMany];
}

/** Finds the failed fields of a list of absences that replaces the stored one. */
export function absenceListFaultsIn(
  list: readonly Absence[],
  { timeZone, now }: { timeZone: string; now: Date },
): FieldFault[] {
  const today = dateIn(timeZone, now);
  return list.flatMap((dates, index) =>
    absenceFaultsOf(dates, { today, others: list.slice(0, index) }).map(({ field, code }) =>
      fault(`/absences/${index}/${field}`, code),
    ),
  );
}

function fault(pointer: string, code: AvailabilityFault): FieldFault {
  return { pointer, code, detail: sentencesIn('en').availability.fault[code] };
}
