import type { ConsumerFaults, FieldError } from '../../../api/schemas/problem.ts';

/** What a field says of itself when it is empty, and when what it holds is no value for it. */
export interface FieldWords {
  missing: string;
  invalid: string;
  /** What it says to one code of the service. */
  codes?: Readonly<Record<string, string>>;
}

/**
 * What a field says to each code that the service has for it. Where a state helps its people itself, and where newer words
 * of a consent are in force, the form says so in another way.
 */
export type FaultWords<Field extends keyof ConsumerFaults> = Readonly<
  Record<Exclude<ConsumerFaults[Field], 'state-marketplace' | 'not-in-force'>, string>
>;

/** Codes that say no more than that the value has a wrong shape: the field's own words say it better. */
const shapeCodes: ReadonlySet<string> = new Set([
  'wrong-type',
  'wrong-format',
  'too-small',
  'too-big',
  'not-one-of',
  'invalid',
  'not-text',
  'not-in-force',
]);

/**
 * The words for a field that is wrong. The service writes in English: a page in another language says of a code that it
 * does not know what it says of any wrong value.
 */
export function refusedFieldText(
  { code, detail }: Pick<FieldError, 'code' | 'detail'>,
  words: FieldWords,
  language: string,
): string {
  if (code === 'required') return words.missing;
  const own = words.codes?.[code];
  return own ?? (shapeCodes.has(code) || language !== 'en' ? words.invalid : detail);
}

/** The first part of a JSON Pointer into the body; undefined for one that points elsewhere. */
export function fieldOfPointer(pointer: string): string | undefined {
  return /^\/([^/]+)/.exec(pointer)?.[1];
}
