import { formatISO, getISODay } from 'date-fns';
import type { PlainDate } from '../onboarding/evidence.ts';
import { afterOpenTime, type OpenTimesOn, openTimesFrom, timeOn } from './open-time.ts';

/** Hours of some days of the week, from 1, Monday, to 7; minutes since midnight, the last one at most 24 × 60. */
export interface OpenHours {
  days: readonly number[];
  fromMinute: number;
  untilMinute: number;
}

/** Days on which nobody is looked for, both included. */
export interface ClosedSeason {
  firstOn: PlainDate;
  lastOn: PlainDate;
}

/**
 * When the service looks for agents, by the clock and the calendar of the consumer's own place. Without hours it is
 * open around the clock.
 */
export interface ServiceCalendar {
  hours: readonly OpenHours[];
  closedSeasons: readonly ClosedSeason[];
}

/**
 * When the service is open next where the consumer is: the instant itself while it is open. Undefined: never, as far as
 * the calendar is looked at, which is three years.
 */
export function nextOpening(at: Date, calendar: ServiceCalendar, timeZone: string): Date | undefined {
  if (isAlwaysOpen(calendar)) return at;
  for (const { start } of openTimesFrom(at, timeZone, openTimesOf(calendar))) return new Date(start);
  return undefined;
}

/** The instant at which so many milliseconds of service time have passed since a moment; where it never opens, three years later. */
export function afterServiceTime(from: Date, ms: number, calendar: ServiceCalendar, timeZone: string): Date {
  if (isAlwaysOpen(calendar)) return new Date(from.getTime() + ms);
  return afterOpenTime(from, ms, openTimesFrom(from, timeZone, openTimesOf(calendar)));
}

/** So far apart are those who can be asked at once: the one who came first is the first to choose. */
const staggerMs = 200;

/**
 * When a referral that waits for an opening looks for an agent: in the order in which they came, as many at once as
 * there are agents, the next when those have had their time to answer. A place that becomes free wakes one earlier.
 */
export function matchTimeAfterOpening({
  opensAt,
  ahead,
  agents,
  offerWindowMs,
}: {
  opensAt: Date;
  /** How many wait that came before. */
  ahead: number;
  agents: number;
  offerWindowMs: number;
}): Date {
  const atOnce = Math.max(1, agents);
  const rounds = Math.floor(ahead / atOnce);
  return new Date(opensAt.getTime() + rounds * offerWindowMs + (ahead % atOnce) * staggerMs);
}

function isAlwaysOpen({ hours, closedSeasons }: ServiceCalendar): boolean {
  return hours.length === 0 && closedSeasons.length === 0;
}

const aroundTheClock: OpenHours = { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, untilMinute: 24 * 60 };

function openTimesOf({ hours, closedSeasons }: ServiceCalendar): OpenTimesOn {
  const open = hours.length > 0 ? hours : [aroundTheClock];
  return (day) => {
    const date = formatISO(day, { representation: 'date' });
    if (closedSeasons.some(({ firstOn, lastOn }) => firstOn <= date && date <= lastOn)) return [];
    return open
      .filter(({ days }) => days.includes(getISODay(day)))
      .toSorted((a, b) => a.fromMinute - b.fromMinute)
      .map(({ fromMinute, untilMinute }) => ({
        start: timeOn(day, 0, fromMinute),
        until: timeOn(day, 0, untilMinute),
      }));
  };
}
