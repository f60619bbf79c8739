import { formatISO } from 'date-fns/formatISO';
import { getISODay } from 'date-fns/getISODay';
import type { PlainDate } from '../onboarding/evidence.ts';
import { afterOpenTime, type OpenTimesOn, openTimesFrom, timeOn } from './open-time.ts';

/** Hours on some days of the week (1 is Monday, 7 is Sunday), in minutes since midnight, at most 24 × 60. */
export interface OpenHours {
  days: readonly number[];
  fromMinute: number;
  untilMinute: number;
}

/** Dates on which the service looks for no agents, first and last date included. */
export interface ClosedSeason {
  firstOn: PlainDate;
  lastOn: PlainDate;
}

/** Times at which the service looks for agents, in the consumer's time zone. Without hours it is open around the clock. */
export interface ServiceCalendar {
  hours: readonly OpenHours[];
  closedSeasons: readonly ClosedSeason[];
}

/**
 * Next instant at which the service is open in a time zone: `at` itself while it is open. Undefined: it does not open
 * within three years.
 */
export function nextOpening(at: Date, calendar: ServiceCalendar, timeZone: string): Date | undefined {
  if (isAlwaysOpen(calendar)) return at;
  for (const { start } of openTimesFrom(at, timeZone, openTimesOf(calendar))) return new Date(start);
  return undefined;
}

/** Instant at which `ms` milliseconds of service time have passed since `from`; three years later if it never opens. */
export function afterServiceTime(from: Date, ms: number, calendar: ServiceCalendar, timeZone: string): Date {
  if (isAlwaysOpen(calendar)) return new Date(from.getTime() + ms);
  return afterOpenTime(from, ms, openTimesFrom(from, timeZone, openTimesOf(calendar)));
}

/** Milliseconds between referrals that can match at once, so that the earlier request chooses first. */
const staggerMs = 200;

/**
 * Instant at which a referral that waits for the opening looks for an agent. Referrals match in the order of their
 * requests, as many at once as there are agents, the next ones an offer window later. Free capacity wakes one earlier.
 */
export function matchTimeAfterOpening({
  opensAt,
  ahead,
  agents,
  offerWindowMs,
}: {
  opensAt: Date;
  /** Number of earlier referrals that wait, too. */
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
