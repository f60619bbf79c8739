import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { getISODay } from 'date-fns/getISODay';
import { startOfDay } from 'date-fns/startOfDay';
import { afterOpenTime, type OpenTimesOn, openTimesFrom, timeOn } from '../time/open-time.ts';

/** Times at which a consumer wants to be called: parts of the week in their own time zone. */
export const contactTimes = ['weekday-morning', 'weekday-afternoon', 'weekday-evening', 'weekend'] as const;
export type ContactTime = (typeof contactTimes)[number];

/** Ways in which a consumer wants to be contacted. `relay`: a call through the telephone relay service, 711. */
export const contactWays = ['call', 'relay', 'text', 'email'] as const;
export type ContactWay = (typeof contactWays)[number];

/** Hours of each contact time, and the days: the weekend or Monday to Friday. */
const windows: Readonly<Record<ContactTime, { weekend: boolean; from: number; until: number }>> = {
  'weekday-morning': { weekend: false, from: 8, until: 12 },
  'weekday-afternoon': { weekend: false, from: 12, until: 17 },
  'weekday-evening': { weekend: false, from: 17, until: 20 },
  weekend: { weekend: true, from: 9, until: 18 },
};

/** When a consumer wants to be reached, in their own time zone; no times: at any time. */
export interface ConsumerTimes {
  times: readonly ContactTime[];
  timeZone: string;
}

/**
 * Instant at which `ms` milliseconds of the chosen times have passed since `from`. Without a choice all time counts. Time
 * outside the chosen times does not count, so that an agent who calls when asked to is never late.
 */
export function afterContactTime(from: Date, ms: number, { times, timeZone }: ConsumerTimes): Date {
  if (times.length === 0) return new Date(from.getTime() + ms);
  return afterOpenTime(from, ms, openTimesFrom(from, timeZone, chosenOn(times)));
}

/** The instant itself if the consumer can be reached then, else the next one at which they can. */
export function nextContactTime(from: Date, { times, timeZone }: ConsumerTimes): Date {
  return afterOpenTime(from, 0, openTimesFrom(from, timeZone, chosenOn(reachableTimes(times))));
}

/** The first and the last instant at which a consumer can be reached on the next day, after that of `at`, that has any. */
export function hoursOfNextContactDay(
  at: Date,
  { times, timeZone }: ConsumerTimes,
): { opensAt: Date; closesAt: Date } {
  const tomorrow = addDays(startOfDay(new TZDate(at.getTime(), timeZone)), 1);
  const opensAt = nextContactTime(tomorrow, { times, timeZone });
  const hours = chosenOn(reachableTimes(times))(startOfDay(new TZDate(opensAt.getTime(), timeZone)));
  return { opensAt, closesAt: new Date(hours.at(-1)?.until ?? opensAt) };
}

/** Who chose no times can be reached at any of them, which is by day. */
function reachableTimes(times: readonly ContactTime[]): readonly ContactTime[] {
  return times.length === 0 ? contactTimes : times;
}

function chosenOn(times: readonly ContactTime[]): OpenTimesOn {
  return (day) => {
    const isWeekend = getISODay(day) > 5;
    return contactTimes
      .filter((time) => times.includes(time) && windows[time].weekend === isWeekend)
      .map((time) => ({
        start: timeOn(day, windows[time].from),
        until: timeOn(day, windows[time].until),
      }));
  };
}
