import { z } from 'zod';
import type { OfferOverlap } from '../domain/referrals/overlap.ts';
import type { Period } from '../domain/time/marketplace-calendar.ts';
import type { ClosedSeason, OpenHours } from '../domain/time/service-calendar.ts';
import {
  parseDistance,
  parseDuration,
  parseDurations,
  parseOverlap,
  parseParts,
  parsePeriod,
  parseRate,
  parseSeasons,
  parseShare,
  parseWeeklyHours,
} from './units.ts';

/** One environment variable: its parser, its purpose, an example, and whether its value must never be shown. */
export interface Variable<T> {
  schema: z.ZodType<T, string | undefined>;
  about: string;
  example: string;
  secret?: true;
}

export function variable<T>(schema: Variable<T>['schema'], about: string, example: string): Variable<T> {
  return { schema, about, example };
}

export function secret<T>(schema: Variable<T>['schema'], about: string, example: string): Variable<T> {
  return { schema, about, example, secret: true };
}

/** How the text of a variable becomes a value. */
export interface Kind<T> {
  /** Returns undefined for a text that it does not understand. */
  parse: (text: string) => T | undefined;
  /** The message for such a text, such as "must be a distance in miles". */
  must: string;
}

export const duration: Kind<number> = {
  parse: parseDuration,
  must: 'must be a duration with its unit, of at least 1 second',
};

export const durations: Kind<readonly number[]> = {
  parse: parseDurations,
  must: 'must be durations with their units, of at least 1 second, separated by commas, or none',
};

export const period: Kind<Period> = {
  parse: parsePeriod,
  must: 'must be a number of business days, or a duration with its unit',
};

export const weeklyHours: Kind<readonly OpenHours[]> = {
  parse: parseWeeklyHours,
  must: 'must be always, or hours of days that do not overlap, separated by commas',
};

export const seasons: Kind<readonly ClosedSeason[]> = {
  parse: parseSeasons,
  must: 'must be none, or dates such as 2026-12-16 to 2027-01-04, separated by commas',
};

export const overlap: Kind<OfferOverlap | null> = {
  parse: parseOverlap,
  must: 'must be none, or such as "4 minutes, 2 at once" or "4 minutes, 2 at once, 3 in the last hour of the budget"',
};

export const distance: Kind<number> = { parse: parseDistance, must: 'must be a distance in miles' };

export const share: Kind<number> = { parse: parseShare, must: 'must be a share from 0 % to 100 %' };

export const parts: Kind<readonly number[]> = {
  parse: parseParts,
  must: 'must be parts such as 1/3 or 50 %, separated by commas, or off',
};

/** A share that leaves room: an offer would wait behind bulk mail that may use the whole rate. */
export const bulkShare: Kind<number> = {
  parse(text) {
    const value = parseShare(text);
    return value !== undefined && value >= 0.01 && value <= 0.9 ? value : undefined;
  },
  must: 'must be a share from 1 % to 90 %, because offers need the rest of the rate',
};

export const toggle: Kind<boolean> = {
  parse: (text) => (text === 'on' || text === 'off' ? text === 'on' : undefined),
  must: 'must be on or off',
};

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most: number): Kind<number> {
  const isWithin = (value: number) => value >= least && value <= most;
  return {
    parse: (text) => (/^\d+$/.test(text) && isWithin(Number(text)) ? Number(text) : undefined),
    must: `must be a whole number from ${least} to ${most}`,
  };
}

/** Creates the schema of a kind. */
export function read<T>({ parse, must }: Kind<T>) {
  return z.string().transform((text, context): T => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.addIssue(must);
    return z.NEVER;
  });
}

/** Keys of 32 bytes in base64, separated by commas; none twice. */
export const masterKeys: Kind<readonly [Uint8Array, ...Uint8Array[]]> = {
  parse(text) {
    const [first, ...others] = text.split(',').map((one) => Buffer.from(one.trim(), 'base64'));
    const all = first ? [first, ...others] : [];
    const isUsable = all.every((one) => one.length === 32) && new Set(all.map(String)).size === all.length;
    return first && isUsable ? [first, ...others] : undefined;
  },
  must: 'must be 32 bytes in base64, or several such keys separated by commas',
};

/** The same for a variable that need not be set; `fallback` is its value then. */
export function readOr<T>(kind: Kind<T>, fallback: T) {
  return read(kind)
    .optional()
    .transform((value): T => (value === undefined ? fallback : value));
}

/** A duration with its unit, in milliseconds; `fallback` is the text used if the variable is not set. */
export function durationWithUnit(fallback: string) {
  return z.string().default(fallback).pipe(read(duration));
}

/** A whole number within bounds, both included. */
export function count(fallback: string, least: number, most: number) {
  return z
    .string()
    .default(fallback)
    .pipe(read(wholeNumber(least, most)));
}

/** A maximum number per period, such as 10 per 15 minutes. */
export function rate(fallback: string) {
  const kind = { parse: parseRate, must: 'must be a rate such as 10 per 15 minutes' };
  return z.string().default(fallback).pipe(read(kind));
}

export function port(fallback: string) {
  return count(fallback, 1, 65_535);
}

export function matching(pattern: RegExp, must: string) {
  return z.string().regex(pattern, must);
}

export function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

const web = ['http:', 'https:'];

export function url() {
  return z.string().refine((text) => isUrl(text, web), 'must be an http or https URL');
}

/** A URL without a path; a slash at its end is left out. */
export function origin() {
  return url()
    .refine((text) => URL.canParse(text) && new URL(text).pathname === '/', 'must be a URL without a path')
    .transform((text) => new URL(text).origin);
}

/** A secret that is long enough to sign with. */
export function key() {
  return matching(/^\S{32,}$/, 'must have at least 32 characters and no space');
}
