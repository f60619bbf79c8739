import { z } from 'zod';
import { parseDuration, parseRate } from './units.ts';

/**
 * A text that a parser turns into a value.
 * @param parse returns undefined for a text that it does not understand
 * @param must the message for such a text, such as "must be a distance in miles"
 * @param fallback the text used if the variable is not set
 */
export function parsed<T>(parse: (text: string) => T | undefined, must: string, fallback: string) {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const value = parse(text.trim());
      if (value !== undefined) return value;
      context.addIssue(must);
      return z.NEVER;
    });
}

/** A duration with its unit, in milliseconds. */
export function durationWithUnit(fallback: string) {
  return parsed(parseDuration, 'must be a duration with its unit, of at least 1 second', fallback);
}

/** A whole number within bounds, both included. */
export function count(fallback: string, least: number, most: number) {
  const isWithin = (value: number) => value >= least && value <= most;
  return parsed(
    (text) => (/^\d+$/.test(text) && isWithin(Number(text)) ? Number(text) : undefined),
    `must be a whole number from ${least} to ${most}`,
    fallback,
  );
}

/** A switch, on or off. */
export function toggle(fallback: 'on' | 'off') {
  return z
    .enum(['on', 'off'], 'must be on or off')
    .default(fallback)
    .transform((text) => text === 'on');
}

/** A maximum number per period, such as 10 per 15 minutes. */
export function rate(fallback: string) {
  return parsed(parseRate, 'must be a rate such as 10 per 15 minutes', fallback);
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
