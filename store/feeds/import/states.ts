import { stateNames } from '../../../domain/values/state-names.ts';

const codes: ReadonlyMap<string, string> = new Map(
  Object.entries(stateNames).flatMap(([code, name]) => [
    [code.toLowerCase(), code],
    [name.toLowerCase(), code],
  ]),
);

/** The two letters of a state by them or by its English name, in any case; undefined for any other word. */
export function stateCode(word: string): string | undefined {
  return codes.get(word.toLowerCase().replace(/\s+/g, ' '));
}
