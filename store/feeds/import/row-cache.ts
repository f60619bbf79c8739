import { readNpn } from './cells.ts';

/** Caches good rows by the text after their NPN. */
export interface RowCache {
  /** Returns the COPY values of a row whose text after the NPN was seen before. */
  find(text: string): string | undefined;
  /** Caches a good row: its text and its COPY values. */
  save(text: string, values: string): void;
}

/** Bounds the cache to a few megabytes, whatever the length of the file. */
const maxCachedRows = 10_000;
const maxCachedLength = 80;

/**
 * Creates a cache for the public lists, which hold years, dates and flags: the text after the NPN repeats in many rows, so
 * parsing it once is several times faster. Feeds with names repeat little and lose little.
 */
export function createRowCache(): RowCache {
  const cached = new Map<string, string>();
  return {
    find(text) {
      const comma = text.indexOf(',');
      if (comma < 0 || text.length - comma > maxCachedLength) return undefined;
      const values = cached.get(text.slice(comma));
      if (values === undefined) return undefined;
      const read = readNpn(text.slice(0, comma));
      return 'value' in read ? read.value + values : undefined;
    },
    save(text, values) {
      const comma = text.indexOf(',');
      if (comma < 0 || text.length - comma > maxCachedLength || cached.size >= maxCachedRows) return;
      // a slice would keep the whole text in memory, a copy does not
      cached.set(copyString(text.slice(comma)), copyString(values.slice(values.indexOf('\t'))));
    },
  };
}

function copyString(text: string): string {
  return Buffer.from(text).toString();
}
