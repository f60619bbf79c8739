import type { AgentFaults, ConsumerFaults, FieldError } from '../../../api/schemas/problem.ts';

/** Error texts of a field: for an empty value and for an invalid one. */
export interface FieldWords {
  missing: string;
  invalid: string;
  /** Error texts by code of the API. */
  codes?: Readonly<Record<string, string>>;
}

/**
 * Error texts of a field for each code of the API. Two codes are missing, because the form shows them in another way: a
 * state with its own marketplace, and a newer version of a consent.
 */
export type FaultWords<Field extends keyof ConsumerFaults> = Readonly<
  Record<Exclude<ConsumerFaults[Field], 'state-marketplace' | 'not-in-force'>, string>
>;

/** Error texts of an agent's field for each code of the API. */
export type AgentFaultWords<Field extends keyof AgentFaults> = Readonly<Record<AgentFaults[Field], string>>;

/** Codes that only mean that the value has a wrong format. The field's `invalid` text is more helpful. */
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
 * Chooses the error text of a field.
 * @param showsDetails whether the API's detail is shown for a code without a text; otherwise the `invalid` text is
 */
export function refusedFieldText(
  { code, detail }: Pick<FieldError, 'code' | 'detail'>,
  words: FieldWords,
  showsDetails: boolean,
): string {
  if (code === 'required') return words.missing;
  const own = words.codes?.[code];
  return own ?? (shapeCodes.has(code) || !showsDetails ? words.invalid : detail);
}

/** First segment of a JSON Pointer, which is the field; undefined for the whole body. */
export function fieldOfPointer(pointer: string): string | undefined {
  return /^\/([^/]+)/.exec(pointer)?.[1];
}
