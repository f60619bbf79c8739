import type { PlainDate } from '../onboarding/evidence.ts';

/** Context in which an instant is shown: decides whether the date is included and which time zone is used. */
export interface TimeContext {
  /** The current instant; an instant on another day is shown with its date. */
  now: Date;
  /** IANA name of the time zone. */
  timeZone: string;
  /** Leaves out the zone's short name, for readers who are known to be in that zone. */
  hideZone?: boolean;
}

/** Parts of an instant in a time zone. `month` and `weekday` are words of the locale. */
export interface ClockParts {
  isToday: boolean;
  isThisYear: boolean;
  weekday: string;
  month: string;
  shortMonth: string;
  day: string;
  year: string;
  hour: string;
  minute: string;
  isMorning: boolean;
  /** ` MST` with its leading space; empty if the zone is hidden. */
  zone: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns a format of a few in each locale and time zone: making one takes longer than all that it formats in a mail. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** Splits an instant into its parts in a time zone; each language puts them together in its own order. */
export function clockParts(instant: Date, when: TimeContext, locale: string): ClockParts {
  const read = (of: Date, options: Intl.DateTimeFormatOptions, as = locale) =>
    Object.fromEntries(
      formatOf(as, { timeZone: when.timeZone, ...options })
        .formatToParts(of.getTime())
        .map(({ type, value }) => [type, value]),
    ) as Record<Intl.DateTimeFormatPartTypes, string>;
  const dayOf = (of: Date) => {
    const { year, month, day } = read(of, { year: 'numeric', month: 'numeric', day: 'numeric' }, 'en-US');
    return { year, key: `${year}-${month}-${day}` };
  };
  const date = read(instant, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  const shortMonth = read(instant, { month: 'short', day: 'numeric' }).month;
  // zone names always in English: other locales write GMT-7 for MST
  const clock = read(
    instant,
    { hour: 'numeric', minute: '2-digit', hour12: true, timeZoneName: 'short' },
    'en-US',
  );
  const [its, today] = [dayOf(instant), dayOf(when.now)];
  return {
    isToday: its.key === today.key,
    isThisYear: its.year === today.year,
    weekday: date.weekday,
    month: date.month,
    shortMonth: shortMonth.replace(/\.$/, ''),
    day: date.day,
    year: date.year,
    hour: clock.hour,
    minute: clock.minute,
    isMorning: clock.dayPeriod === 'AM',
    zone: when.hideZone ? '' : ` ${clock.timeZoneName}`,
  };
}

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

/** Rounds the time until an instant to whole minutes, one at least; in milliseconds. */
export function wholeMinutesTo(until: Date, { now }: TimeContext): number {
  return Math.max(1, Math.round((until.getTime() - now.getTime()) / minute)) * minute;
}

/**
 * Formats milliseconds in words of a locale, in at most two units: `15 minutes`, `1 hour 30 minutes`, `48 hours`,
 * `3 days`. Counts hours up to 48, because the guide says "48 hours".
 */
export function durationIn(locale: string, ms: number): string {
  const roundTo = (unit: number) => Math.round(ms / unit) * unit;
  const [large, small] =
    roundTo(hour) > 48 * hour ? [day, hour] : roundTo(second) >= hour ? [hour, minute] : [minute, second];
  const names = { [day]: 'day', [hour]: 'hour', [minute]: 'minute', [second]: 'second' };
  const whole = roundTo(small);
  const counts: [number, number][] = [
    [Math.floor(whole / large), large],
    [Math.round((whole % large) / small), small],
  ];
  const words = counts
    .filter(([count]) => count > 0)
    .map(([count, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit: names[unit], unitDisplay: 'long' }).format(count),
    );
  return words.length > 0
    ? words.join(' ')
    : new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(0);
}

/** Makes a name begin with a small letter, for use inside a sentence; Medicaid keeps its capital. */
export const uncapitalized = (text: string) =>
  text.startsWith('Medicaid') ? text : text.charAt(0).toLowerCase() + text.slice(1);

/** Makes a text begin with a capital letter. */
export const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Formats a list: `AZ, FL and TX`. */
export function listIn(locale: string, items: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(items);
}

/** Formats a calendar date (not an instant) in full: `December 31, 2026`. */
export function dayIn(locale: string, date: PlainDate): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

/** Separates the digits of a code, so that a voice reads them one by one. */
export const spokenDigits = (code: string) => code.split('').join(', ');
