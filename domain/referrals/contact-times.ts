import { getISODay } from 'date-fns';
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

/**
 * Instant at which `ms` milliseconds of the chosen times have passed since `from`. Without a choice all time counts. Time
 * outside the chosen times does not count, so that an agent who calls when asked to is never late.
 */
export function afterContactTime(
  from: Date,
  ms: number,
  { times, timeZone }: { times: readonly ContactTime[]; timeZone: string },
): Date {
  if (times.length === 0) return new Date(from.getTime() + ms);
  return afterOpenTime(from, ms, openTimesFrom(from, timeZone, chosenOn(times)));
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
