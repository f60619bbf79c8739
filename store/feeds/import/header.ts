import { refuse } from '../../../domain/failures.ts';
import type { FeedDefinition } from './definitions.ts';
import { isSsnColumn, refuseSsn } from './ssn.ts';

/** Where the columns of a feed are in a file. */
export interface FileLayout {
  /** For each column of the definition, the place of its field in a row, from 0. */
  indexes: readonly number[];
  /** How many fields a row has; nameless columns at the end may be missing from it. */
  fields: { most: number; least: number };
  /** Columns of the file that the feed does not have, as they are called there; they are left. */
  additional: readonly string[];
}

const maxNameLength = 100;
const maxAdditionalColumns = 50;

/**
 * Finds the columns of a feed in a file's header, by their names: neither case nor spaces nor punctuation counts, so
 * that `Shop End Date`, ` SHOP END DATE` and a catalog's `shop_end_date` are one, nor does their order. Additional
 * columns are left.
 *
 * @throws `feed-holds-ssn`, or `feed-header-differs` with every column that is missing or comes twice; a file without any
 * row has no header.
 */
export function readHeader(header: readonly string[], { kind, columns }: FeedDefinition): FileLayout {
  if (header.some(isSsnColumn)) refuseSsn();
  const keys = header.map(normalizeColumnName);
  const found = columns.map(({ header: name, aliases = [] }) => {
    const ours = new Set([name, ...aliases].map(normalizeColumnName));
    return keys.flatMap((key, place) => (ours.has(key) ? [place] : []));
  });
  const expected = columns.map((column) => column.header);
  const missing = expected.filter((_, index) => found[index]?.length === 0);
  const repeated = expected.filter((_, index) => (found[index]?.length ?? 0) > 1);
  if (missing.length + repeated.length > 0) {
    const faults = describeFaults(header, {
      missing,
      repeated,
      known: new Set(expected.map(normalizeColumnName)),
    });
    // what was found instead is not repeated: a file without a header has a person in its first line
    const message = `${faults} The header of ${kind} needs: ${expected.join(',')}`;
    refuse('feed-header-differs', message, { kind, expected, missing, repeated });
  }
  const places = found.map(([place = 0]) => place);
  const ours = new Set(places);
  return {
    indexes: places,
    fields: { most: header.length, least: keys.findLastIndex((key) => key !== '') + 1 },
    additional: header
      .filter((name, place) => !ours.has(place) && name.trim() !== '')
      .slice(0, maxAdditionalColumns)
      .map(printableName),
  };
}

/** What is left of a name where only its words count. */
function normalizeColumnName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const printableName = (name: string) =>
  name
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, maxNameLength);

interface Faults {
  missing: readonly string[];
  repeated: readonly string[];
  known: ReadonlySet<string>;
}

function describeFaults(header: readonly string[], { missing, repeated, known }: Faults): string {
  const text = header.join(',');
  const names = (separator: RegExp | string) =>
    text.split(separator).filter((name) => known.has(normalizeColumnName(name)));
  const parts = [
    ...(missing.length > 0 ? [`Columns are missing: ${missing.join(', ')}.`] : []),
    ...(repeated.length > 0 ? [`Columns come twice: ${repeated.join(', ')}.`] : []),
  ];
  const other = [...separators].find(([separator]) => names(separator).length > 1);
  if (other) parts.unshift(`The file has ${other[1]} between its columns, where commas belong.`);
  if (/[\0\ufffd]/.test(text)) parts.unshift('The file is not in UTF-8.');
  if (/\r./s.test(text)) parts.unshift('The lines of the file end with CR alone, where LF or CRLF belongs.');
  return parts.join(' ');
}

const separators = new Map([
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
]);
