import { getISODay } from 'date-fns';
import { afterOpenTime, type OpenTimesOn, openTimesFrom, timeOn } from '../time/open-time.ts';

/** When a consumer wants to be called: parts of the week in the consumer's own time zone. */
export const contactTimes = ['weekday-morning', 'weekday-afternoon', 'weekday-evening', 'weekend'] as const;
export type ContactTime = (typeof contactTimes)[number];

/** How a consumer wants to be reached; `relay`: by a call through the telephone relay service, 711. */
export const contactWays = ['call', 'relay', 'text', 'email'] as const;
export type ContactWay = (typeof contactWays)[number];

/** Hours of the day, from and until, and whether of Monday to Friday or of the weekend. */
const windows: Readonly<Record<ContactTime, { weekend: boolean; from: number; until: number }>> = {
  'weekday-morning': { weekend: false, from: 8, until: 12 },
  'weekday-afternoon': { weekend: false, from: 12, until: 17 },
  'weekday-evening': { weekend: false, from: 17, until: 20 },
  weekend: { weekend: true, from: 9, until: 18 },
};

/**
 * The instant at which so many milliseconds of the chosen times have passed since a moment. Without a choice every
 * time counts; a time outside of the chosen ones counts nothing, so that nobody is silent for calling when asked to.
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
