import type { PlainDate } from '../../onboarding/evidence.ts';
import { clockParts, dayIn, durationIn, listIn, type TimeContext, wholeMinutesTo } from '../locale-format.ts';

const locale = 'en-US';

/** Formats an instant: `10:42 AM MST` today, `Nov 25, 10:42 AM MST` on another day, with the year in another year. */
export function at(instant: Date, when: TimeContext): string {
  const part = clockParts(instant, when, locale);
  const time = `${part.hour}:${part.minute} ${part.isMorning ? 'AM' : 'PM'}${part.zone}`;
  if (part.isToday) return time;
  return `${part.shortMonth} ${part.day}${part.isThisYear ? '' : `, ${part.year}`}, ${time}`;
}

/** Formats an instant for a mail, which may be read later: `Wednesday, November 25, 2026 at 10:42 AM MST`. */
export function atInFull(instant: Date, when: TimeContext): string {
  const part = clockParts(instant, when, locale);
  const time = `${part.hour}:${part.minute} ${part.isMorning ? 'AM' : 'PM'}${part.zone}`;
  return `${part.weekday}, ${part.month} ${part.day}, ${part.year} at ${time}`;
}

/** ` until 10:42 AM MST`; empty if there is no end. */
export function until(instant: Date | null | undefined, when: TimeContext): string {
  return instant ? ` until ${at(instant, when)}` : '';
}

/** `10 minutes left`; in the last minute as well, one. */
export function minutesLeft(end: Date, when: TimeContext): string {
  return `${duration(wholeMinutesTo(end, when))} left`;
}

export const duration = (ms: number) => durationIn(locale, ms);
export const list = (items: readonly string[]) => listIn(locale, items);
export const dayInFull = (date: PlainDate) => dayIn(locale, date);
