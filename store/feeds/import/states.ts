import { stateNames } from '../../../domain/values/state-names.ts';

const codes: ReadonlyMap<string, string> = new Map(
  Object.entries(stateNames).flatMap(([code, name]) => [
    [code.toLowerCase(), code],
    [name.toLowerCase(), code],
  ]),
);

/** Returns the two-letter code of a state, given in any case as code or English name; undefined for any other word. */
export function stateCode(word: string): string | undefined {
  return codes.get(word.toLowerCase().replace(/\s+/g, ' '));
}
