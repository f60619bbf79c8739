import { normalizeTypedText } from './normalize-typed.ts';

/** The five digits of a ZIP as people write it, with or without the four that follow; undefined when it is none. */
export function readZip(typed: string): string | undefined {
  return /^(\d{5})(?: ?-? ?\d{4}| ?-)?$/.exec(normalizeTypedText(typed))?.[1];
}
