import { nextOpening, type OpenHours } from './service-calendar.ts';

const [weekdays, saturday, sunday] = [[1, 2, 3, 4, 5], [6], [7]] as const;
const from = (hour: number, days: readonly number[] = [...weekdays, ...saturday, ...sunday]): OpenHours => ({
  days,
  fromMinute: hour * 60,
  untilMinute: 24 * 60,
});

/**
 * States whose law lets solicitations start later in the day than federal law does. Our texts are not solicitations, but
 * they should not wake people either. A state without a stricter law needs no row.
 */
const stricterStates: Readonly<Record<string, readonly OpenHours[]>> = {
  // Conn. Gen. Stat. § 42-288a
  CT: [from(9)],
  // Ky. Rev. Stat. § 367.46955
  KY: [from(10)],
  // Minn. Stat. § 325E.30
  MN: [from(9)],
  // N.M. Stat. § 57-12-22
  NM: [from(9)],
  // Tex. Bus. & Com. Code § 301.051
  TX: [from(9, [...weekdays, ...saturday]), from(12, sunday)],
};

/**
 * Next instant at which a text may go to a person, in their time zone: `at` itself outside quiet hours, else the first
 * instant after them. Undefined: never, because the federal and the state's hours do not overlap.
 * @param state of a consumer, whose law may begin later; undefined for an agent
 * @param hours in which texts may go out in the whole country; empty: there are no quiet hours
 */
export function nextTextTime(
  at: Date,
  { state, timeZone, hours }: { state: string | undefined; timeZone: string; hours: readonly OpenHours[] },
): Date | undefined {
  if (hours.length === 0) return at;
  const stricter = state === undefined ? undefined : stricterStates[state];
  const open = stricter ? within(hours, stricter) : hours;
  if (open.length === 0) return undefined;
  return nextOpening(at, { hours: open, closedSeasons: [] }, timeZone);
}

/** Returns whether an agent's clock shows an hour outside those in which messages may interrupt people; empty hours: never. */
export function isQuietHour(
  at: Date,
  { timeZone, hours }: { timeZone: string; hours: readonly OpenHours[] },
): boolean {
  const opensAt = nextTextTime(at, { state: undefined, timeZone, hours });
  return opensAt === undefined || opensAt > at;
}

/** Intersects two lists of hours. */
function within(hours: readonly OpenHours[], others: readonly OpenHours[]): OpenHours[] {
  return hours.flatMap((one) =>
    others.flatMap((other) => {
      const days = one.days.filter((day) => other.days.includes(day));
      const fromMinute = Math.max(one.fromMinute, other.fromMinute);
      const untilMinute = Math.min(one.untilMinute, other.untilMinute);
      return days.length > 0 && fromMinute < untilMinute ? [{ days, fromMinute, untilMinute }] : [];
    }),
  );
}
