import { normalizeTypedText } from './normalize-typed.ts';

/** Reads the five digits of a typed ZIP code, with or without the four that may follow; undefined for other text. */
export function readZip(typed: string): string | undefined {
  return /^(\d{5})(?: ?-? ?\d{4}| ?-)?$/.exec(normalizeTypedText(typed))?.[1];
}
