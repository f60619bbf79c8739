import ms from 'ms';

const second = 1_000;
const hundredYears = 100 * 365 * 24 * 60 * 60 * second;

/**
 * Reads a duration that names its unit, such as "48 hours", "90 s" or "1.5 days".
 * @returns whole milliseconds; undefined when there is no unit, or it is below a second or above a century.
 */
export function parseDuration(text: string): number | undefined {
  if (!/[a-z]$/i.test(text)) return undefined;
  const value: number | undefined = ms(text as ms.StringValue);
  if (value === undefined || !(value >= second && value <= hundredYears)) return undefined;
  return Math.round(value);
}

/**
 * Reads durations separated by commas, such as "1 day, 3 days, 7 days"; "none" is an empty list.
 * @returns milliseconds, ascending; undefined when one of them is no duration.
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
export function parsePeriod(text: string): { businessDays: number } | { ms: number } | undefined {
  const found = /^([1-9]\d?)\s+business days?$/i.exec(text);
  if (found) return { businessDays: Number(found[1]) };
  const durationMs = parseDuration(text);
  return durationMs === undefined ? undefined : { ms: durationMs };
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

/** Reads a rate such as "10 per 15 minutes" or "120 per hour". @returns undefined for anything else. */
export function parseRate(text: string): { points: number; windowMs: number } | undefined {
  const [, points = '', window = ''] = /^([1-9]\d*)\s+per\s+(.+)$/i.exec(text) ?? [];
  const windowMs = parseDuration(/^\d/.test(window) ? window : `1 ${window}`);
  return windowMs === undefined ? undefined : { points: Number(points), windowMs };
}
