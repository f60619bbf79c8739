import ms from 'ms';
import type { OfferOverlap } from '../domain/referrals/overlap.ts';
import type { Period } from '../domain/time/marketplace-calendar.ts';
import type { ClosedSeason, OpenHours } from '../domain/time/service-calendar.ts';

const second = 1_000;
const hundredYears = 100 * 365 * 24 * 60 * 60 * second;

/**
 * Reads a duration that names its unit, such as "48 hours", "90 s" or "1.5 days".
 * @returns whole milliseconds; undefined if the unit is missing, or below a second or above a century
 */
export function parseDuration(text: string): number | undefined {
  if (!/[a-z]$/i.test(text)) return undefined;
  const value: number | undefined = ms(text as ms.StringValue);
  if (value === undefined || !(value >= second && value <= hundredYears)) return undefined;
  return Math.round(value);
}

/**
 * Reads durations separated by commas, such as "1 day, 3 days, 7 days"; "none" is an empty list.
 * @returns milliseconds, ascending; undefined if one of them is no duration
 */
export function parseDurations(text: string): number[] | undefined {
  if (text.trim() === 'none') return [];
  const values = text.split(',').map((part) => parseDuration(part.trim()));
  if (values.includes(undefined)) return undefined;
  return values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
}

/**
 * Reads a period that is either days from Monday to Friday, such as "2 business days", or a duration.
 * @returns undefined for anything else
 */
export function parsePeriod(text: string): Period | undefined {
  const found = /^([1-9]\d?)\s+business days?$/i.exec(text);
  if (found) return { businessDays: Number(found[1]) };
  const durationMs = parseDuration(text);
  return durationMs === undefined ? undefined : { ms: durationMs };
}

/** Largest number of agents that a referral may ask at once. */
const mostAtOnce = 10;

/**
 * Reads an overlap such as "4 minutes, 2 at once" or "4 minutes, 2 at once, 3 in the last hour of the budget".
 * @returns null for "none"; undefined for anything else, and where the last part asks no more agents than before
 */
export function parseOverlap(text: string): OfferOverlap | null | undefined {
  if (text === 'none') return null;
  const found = /^([^,]+),\s*(\d+) at once(?:,\s*(\d+) in the last ([^,]+) of the budget)?$/.exec(text);
  const [, after = '', count = '', lateCount, last] = found ?? [];
  const afterMs = parseDuration(after.trim());
  const atOnce = Number(count);
  if (!found || afterMs === undefined || atOnce < 1 || atOnce > mostAtOnce) return undefined;
  if (lateCount === undefined || last === undefined) return atOnce > 1 ? { afterMs, atOnce } : undefined;
  // "the last hour" is the last 1 hour
  const lastMs = parseDuration(/^\d/.test(last) ? last : `1 ${last}`);
  const late = Number(lateCount);
  if (lastMs === undefined || late <= atOnce || late > mostAtOnce) return undefined;
  return { afterMs, atOnce, late: { atOnce: late, lastMs } };
}

/** Reads a distance such as "25 miles". @returns miles; undefined for anything else. */
export function parseDistance(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(?:mi|miles?)$/i.exec(text);
  return found === null ? undefined : Number(found[1]);
}

/** Reads a share such as "10 %". @returns 0 to 1; undefined for anything else. */
export function parseShare(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const share = found === null ? Number.NaN : Number(found[1]) / 100;
  return share >= 0 && share <= 1 ? share : undefined;
}

/**
 * Reads parts of a whole such as "1/3, 2/3" or "50 %", each more than nothing and less than all; "off" is an empty list.
 * @returns 0 to 1, ascending; undefined if one of them is no such part
 */
export function parseParts(text: string): number[] | undefined {
  if (text.trim() === 'off') return [];
  const values = text.split(',').map((part) => parseFraction(part.trim()) ?? parseShare(part.trim()));
  const parts = values.filter((value) => value !== undefined).filter((value) => value > 0 && value < 1);
  return parts.length < values.length ? undefined : parts.toSorted((a, b) => a - b);
}

function parseFraction(text: string): number | undefined {
  const [, above, below] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  return above === undefined ? undefined : Number(above) / Number(below);
}

/** Reads a rate such as "10 per 15 minutes" or "120 per hour". @returns undefined for anything else. */
export function parseRate(text: string): { points: number; windowMs: number } | undefined {
  const [, points = '', window = ''] = /^([1-9]\d*)\s+per\s+(.+)$/i.exec(text) ?? [];
  const windowMs = parseDuration(/^\d/.test(window) ? window : `1 ${window}`);
  return windowMs === undefined ? undefined : { points: Number(points), windowMs };
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * Reads weekly hours such as "Mon-Fri 8:00-20:00, Sat 9:00-17:00"; "always" is an empty list.
 * @returns undefined for anything else, and if two of them overlap
 */
export function parseWeeklyHours(text: string): OpenHours[] | undefined {
  if (text.trim() === 'always') return [];
  const values = text.split(',').map((part) => parseHoursOfDays(part.trim()));
  if (values.includes(undefined)) return undefined;
  const hours = values.filter((value) => value !== undefined);
  const overlap = hours.some((one, at) =>
    hours
      .slice(at + 1)
      .some(
        (other) =>
          one.days.some((day) => other.days.includes(day)) &&
          one.fromMinute < other.untilMinute &&
          other.fromMinute < one.untilMinute,
      ),
  );
  return overlap ? undefined : hours;
}

function parseHoursOfDays(text: string): OpenHours | undefined {
  const found = /^([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/i.exec(text);
  if (!found) return undefined;
  const [, first = '', last = first, ...clock] = found;
  const [from, until] = [first, last].map((name) => dayNames.indexOf(name.toLowerCase()) + 1) as [
    number,
    number,
  ];
  const [hour = 0, minute = 0, endHour = 0, endMinute = 0] = clock.map(Number);
  const [fromMinute, untilMinute] = [hour * 60 + minute, endHour * 60 + endMinute];
  if (from === 0 || until === 0 || minute > 59 || endMinute > 59) return undefined;
  if (fromMinute >= untilMinute || untilMinute > 24 * 60) return undefined;
  // Sat-Mon crosses the end of the week
  const count = ((until - from + 7) % 7) + 1;
  const days = Array.from({ length: count }, (_, at) => ((from - 1 + at) % 7) + 1);
  return { days, fromMinute, untilMinute };
}

/**
 * Reads spans of dates such as "2026-12-16 to 2027-01-04", separated by commas, both days included; "none" is an
 * empty list.
 * @returns undefined for anything else, and for a span longer than a year
 */
export function parseSeasons(text: string): ClosedSeason[] | undefined {
  if (text.trim() === 'none') return [];
  const values = text.split(',').map((part) => parseSeason(part.trim()));
  if (values.includes(undefined)) return undefined;
  return values.filter((value) => value !== undefined);
}

function parseSeason(text: string): ClosedSeason | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})\s+to\s+(\d{4}-\d{2}-\d{2})$/.exec(text);
  const [, firstOn = '', lastOn = ''] = found ?? [];
  const days = (Date.parse(lastOn) - Date.parse(firstOn)) / (24 * 60 * 60 * second);
  return isDate(firstOn) && isDate(lastOn) && days >= 0 && days <= 366 ? { firstOn, lastOn } : undefined;
}

/** Returns whether a text is a day of the calendar: February 30 is not. */
function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
