import type { FeedDefinition } from './definitions.ts';
import { createFileMeter, type FeedFile, type FileTally } from './file-meter.ts';
import { type FileLayout, readHeader } from './header.ts';
import { type CsvRecord, readRecords } from './read-records.ts';
import { createRowCache } from './row-cache.ts';
import { refuseIfSsn } from './ssn.ts';

/**
 * Reads a feed's file in constant memory, about 64 kB at a time, and yields its rows as lines of a COPY: the values
 * in the order of the feed's columns, the line where the row begins (the header being line 1), and the reason of a
 * bad row, which then has its readable key alone. An empty line is no row. Keeps the tally up to date. It leaves the
 * source open when it stops early, so that the API can still answer.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated` and `feed-holds-ssn`; none repeats what the file
 * holds. Whatever the source itself fails with is passed on.
 */
export async function* readRows(
  definition: FeedDefinition,
  file: FeedFile,
  tally: FileTally,
): AsyncGenerator<string> {
  const meter = createFileMeter(file, tally);
  let copyOf: RowCopier | undefined;
  for await (const records of readRecords(meter.chunks())) {
    let copied = '';
    for (const record of records) {
      if (isEmpty(record) || isSeparatorLine(record)) continue;
      if (copyOf) copied += copyOf(record);
      else {
        const layout = readHeader(checkedFields(record), definition);
        tally.additionalColumns = layout.additional;
        copyOf = rowCopier(definition, layout, tally);
      }
    }
    if (copied !== '') yield copied;
  }
  if (!copyOf) readHeader([], definition);
  meter.checkEnd();
}

/** Spreadsheets write empty lines, and lines of nothing but commas, where somebody has cleared the cells. */
function isEmpty({ text, fields }: CsvRecord): boolean {
  if (fields) return fields.every((field) => field.trim() === '');
  return text === '' || (text.charCodeAt(0) <= comma && /^[\s,]*$/.test(text));
}

/** Excel's `sep=,`, the first line of a file, says how its columns are separated, as the header does. */
function isSeparatorLine({ text, fields, line }: CsvRecord): boolean {
  return line === 1 && /^sep=.?,*$/i.test(text ?? fields.join(','));
}

const comma = 0x2c;

type RowCopier = (record: CsvRecord) => string;

function rowCopier(definition: FeedDefinition, layout: FileLayout, tally: FileTally): RowCopier {
  const readRow = createRowReader(definition, layout);
  // what is known is known by what follows an NPN that comes first
  const knownRows = layout.indexes[0] === 0 ? createRowCache() : undefined;
  return (record) => {
    const { text, line } = record;
    tally.rows += 1;
    const known = text === undefined ? undefined : knownRows?.find(text);
    if (known !== undefined) return `${known}\t${line}\t${copyNull}\n`;
    const { values, reason } = readRow(checkedFields(record), record.reason);
    if (reason !== undefined) tally.bad += 1;
    else if (text !== undefined) knownRows?.save(text, values);
    return `${values}\t${line}\t${reason === undefined ? copyNull : copyText(reason)}\n`;
  };
}

/** @throws `feed-holds-ssn` */
function checkedFields(record: CsvRecord): string[] {
  const fields = record.fields ?? record.text.split(',');
  refuseIfSsn(fields);
  return fields;
}

/** Null in Postgres' COPY text format. */
export const copyNull = '\\N';

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A text in Postgres' COPY text format, which escapes by backslash. */
export function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);
}

/** A row as it is staged. */
export interface ParsedRow {
  /** In the order of the feed's columns, as a COPY takes them, with tabs between; of a bad row the readable key. */
  values: string;
  /** Why the row is bad, in words that name columns and repeat no field; undefined for a good row. */
  reason: string | undefined;
}

/** Makes the reader of one file's records: fields → typed values, or why not. A reason found before is kept. */
export function createRowReader(
  definition: FeedDefinition,
  { indexes, fields: { most, least } }: FileLayout,
): (fields: readonly string[], found?: string) => ParsedRow {
  const { columns, key, contradiction } = definition;
  const positions = new Map(columns.map(({ column }, index) => [column, index]));
  const isKey = columns.map(({ column }) => key.includes(column));

  return (fields, found) => {
    const reasons: string[] = [];
    const values = columns.map(({ header, read }, index) => {
      const cell = read((fields[indexes[index] ?? -1] ?? '').trim());
      if ('value' in cell) return cell.value;
      reasons.push(`${header} ${cell.reason}`);
      return null;
    });
    if (found !== undefined || fields.length > most || fields.length < least) {
      // with a comma too many or too few nobody knows which field is which; an NPN that is guessed only keeps a row
      const npnAlone = values.map((value, index) => (index === 0 ? value : null));
      const counted = `has ${fields.length} fields instead of ${most}`;
      return { values: toCopyLine(npnAlone), reason: found ?? counted };
    }
    const conflict = contradiction?.((column) => values[positions.get(column) ?? -1] ?? null);
    if (conflict !== undefined) reasons.push(conflict);
    if (reasons.length === 0) return { values: toCopyLine(values), reason: undefined };
    const readableKey = values.map((value, index) => (isKey[index] ? value : null));
    return { values: toCopyLine(readableKey), reason: reasons.join('; ') };
  };
}

function toCopyLine(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? copyNull : copyText(value))).join('\t');
}
