import { npn } from './cells.ts';

/** Remembers good rows by what follows their NPN. */
export interface KnownRows {
  /** The values of a row whose text after the NPN was seen before, as a COPY takes them. */
  find(text: string): string | undefined;
  /** Remembers a good row: its text, and its values. */
  keep(text: string, values: string): void;
}

/** Some megabytes at the most, whatever the length of the file. */
const mostKept = 10_000;
const longestKept = 80;

/**
 * The public lists are years, dates and flags: what follows the NPN is the same in a great many rows, and reading it
 * once is several times faster. Where it holds names it is longer or seldom comes twice, and little is lost.
 */
export function createKnownRows(): KnownRows {
  const known = new Map<string, string>();
  return {
    find(text) {
      const comma = text.indexOf(',');
      if (comma < 0 || text.length - comma > longestKept) return undefined;
      const values = known.get(text.slice(comma));
      if (values === undefined) return undefined;
      const read = npn(text.slice(0, comma));
      return 'value' in read ? read.value + values : undefined;
    },
    keep(text, values) {
      const comma = text.indexOf(',');
      if (comma < 0 || text.length - comma > longestKept || known.size >= mostKept) return;
      // a part of a text would hold on to all of it, a copy does not
      known.set(copyOf(text.slice(comma)), copyOf(values.slice(values.indexOf('\t'))));
    },
  };
}

function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
