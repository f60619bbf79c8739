import { readNpn } from './cells.ts';

/** Remembers good rows by what follows their NPN. */
export interface RowCache {
  /** The values of a row whose text after the NPN was seen before, as a COPY takes them. */
  find(text: string): string | undefined;
  /** Remembers a good row: its text, and its values. */
  save(text: string, values: string): void;
}

/** Some megabytes at the most, whatever the length of the file. */
const maxCachedRows = 10_000;
const maxCachedLength = 80;

/**
 * The public lists are years, dates and flags: what follows the NPN is the same in a great many rows, and reading it
 * once is several times faster. Where it holds names it is longer or seldom comes twice, and little is lost.
 */
export function createRowCache(): RowCache {
  const known = new Map<string, string>();
  return {
    find(text) {
      const comma = text.indexOf(',');
      if (comma < 0 || text.length - comma > maxCachedLength) return undefined;
      const values = known.get(text.slice(comma));
      if (values === undefined) return undefined;
      const read = readNpn(text.slice(0, comma));
      return 'value' in read ? read.value + values : undefined;
    },
    save(text, values) {
      const comma = text.indexOf(',');
      if (comma < 0 || text.length - comma > maxCachedLength || known.size >= maxCachedRows) return;
      // a part of a text would hold on to all of it, a copy does not
      known.set(copyString(text.slice(comma)), copyString(values.slice(values.indexOf('\t'))));
    },
  };
}

function copyString(text: string): string {
  return Buffer.from(text).toString();
}
