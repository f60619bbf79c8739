import { nextOpening, type OpenHours } from './service-calendar.ts';

const [weekdays, saturday, sunday] = [[1, 2, 3, 4, 5], [6], [7]] as const;
const from = (hour: number, days: readonly number[] = [...weekdays, ...saturday, ...sunday]): OpenHours => ({
  days,
  fromMinute: hour * 60,
  untilMinute: 24 * 60,
});

/**
 * States whose law lets people be solicited later in the day than the hours of the whole country do. What we send is no
 * solicitation; nobody is to be woken by it either. Where the law is no stricter a state needs no row.
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
 * When a text may go to a consumer: the instant itself outside of quiet hours, else the first one after them, on the
 * clock of the consumer's place. Undefined: never, where the hours of the country and those of the state have none in common.
 * @param hours of the whole country; none: there are no quiet hours anywhere
 */
export function nextTextTime(
  at: Date,
  { state, timeZone, hours }: { state: string; timeZone: string; hours: readonly OpenHours[] },
): Date | undefined {
  if (hours.length === 0) return at;
  const stricter = stricterStates[state];
  const open = stricter ? within(hours, stricter) : hours;
  if (open.length === 0) return undefined;
  return nextOpening(at, { hours: open, closedSeasons: [] }, timeZone);
}

/** The hours that lie in both. */
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
