import { refuse } from '../../../domain/failures.ts';
import type { FeedDefinition } from './definitions.ts';
import { isSsnColumn, refuseSsn } from './ssn.ts';

/** Positions of a feed's columns in a file. */
export interface FileLayout {
  /** For each column of the definition, the index of its field in a row, from 0. */
  indexes: readonly number[];
  /** Number of fields of a row; unnamed columns at the end may be missing. */
  fields: { most: number; least: number };
  /** Names of columns in the file that the feed does not have; they are ignored. */
  additional: readonly string[];
}

const maxNameLength = 100;
const maxAdditionalColumns = 50;

/**
 * Finds the columns of a feed in a file's header by name. Case, spaces, punctuation and order do not count:
 * `Shop End Date`, ` SHOP END DATE` and a catalog's `shop_end_date` are the same. Additional columns are ignored.
 *
 * @throws `feed-holds-ssn`; `feed-header-differs` with every column that is missing or repeated, also for an empty file
 */
export function readHeader(header: readonly string[], { kind, columns }: FeedDefinition): FileLayout {
  if (header.some(isSsnColumn)) refuseSsn();
  const keys = header.map(normalizeColumnName);
  const found = columns.map(({ header: name, aliases = [] }) => {
    const ours = new Set([name, ...aliases].map(normalizeColumnName));
    return keys.flatMap((key, index) => (ours.has(key) ? [index] : []));
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
    // the header found is not quoted: in a file without one, the first line is about a person
    const message = `${faults} The header of ${kind} needs: ${expected.join(',')}`;
    refuse('feed-header-differs', message, { kind, expected, missing, repeated });
  }
  const indexes = found.map(([first = 0]) => first);
  const ours = new Set(indexes);
  return {
    indexes,
    fields: { most: header.length, least: keys.findLastIndex((key) => key !== '') + 1 },
    additional: header
      .filter((name, index) => !ours.has(index) && name.trim() !== '')
      .slice(0, maxAdditionalColumns)
      .map(printableName),
  };
}

/** Reduces a column name to its words in lower case. */
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
