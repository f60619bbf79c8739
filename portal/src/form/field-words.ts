import type { FieldError } from '../../../api/schemas/problem.ts';

/** What a field says of itself when it is empty, and when what it holds is no value for it. */
export interface FieldWords {
  missing: string;
  invalid: string;
  /** What it says to one code of the service. */
  codes?: Readonly<Record<string, string>>;
}

/** Codes that say no more than that the value has a wrong shape: the field's own words say it better. */
const shapeCodes: ReadonlySet<string> = new Set([
  'wrong-type',
  'wrong-format',
  'too-small',
  'too-big',
  'not-one-of',
  'invalid',
  'not-in-force',
]);

/** The words for a field that the service refused. */
export function refusedFieldText(error: FieldError, words: FieldWords): string {
  if (error.code === 'required') return words.missing;
  return words.codes?.[error.code] ?? (shapeCodes.has(error.code) ? words.invalid : error.detail);
}

/** The first part of a JSON Pointer into the body; undefined for one that points elsewhere. */
export function topOf(pointer: string): string | undefined {
  return /^\/([^/]+)/.exec(pointer)?.[1];
}
