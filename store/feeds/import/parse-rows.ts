import type { FeedDefinition } from './definitions.ts';
import { createFileMeter, type FeedFile, type FileTally } from './file-meter.ts';
import { type FileLayout, readHeader } from './header.ts';
import { type CsvRecord, parseCsv } from './parse-csv.ts';
import { createRowCache } from './row-cache.ts';
import { refuseIfSsn } from './ssn.ts';

/**
 * Parses a feed's file in constant memory, about 64 kB at a time, and yields its rows as lines of a COPY: the values in
 * the order of the feed's columns, the row's first line in the file (the header is line 1), and the reason if it is bad. A
 * bad row has only the readable parts of its key. Empty lines are skipped. Updates the tally. Leaves the source open when
 * it stops early, so that the API can still answer.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated` and `feed-holds-ssn`, none of which quotes the file; errors
 * of the source itself
 */
export async function* parseRows(
  definition: FeedDefinition,
  file: FeedFile,
  tally: FileTally,
): AsyncGenerator<string> {
  const meter = createFileMeter(file, tally);
  let toCopyText: RowCopier | undefined;
  for await (const records of parseCsv(meter.chunks())) {
    let text = '';
    for (const record of records) {
      if (isEmpty(record) || isSeparatorLine(record)) continue;
      if (toCopyText) text += toCopyText(record);
      else {
        const layout = readHeader(checkedFields(record), definition);
        tally.additionalColumns = layout.additional;
        toCopyText = rowCopier(definition, layout, tally);
      }
    }
    if (text !== '') yield text;
  }
  if (!toCopyText) readHeader([], definition);
  meter.checkEnd();
}

/** Spreadsheets write empty lines, or lines of commas alone, for cleared cells. */
function isEmpty({ text, fields }: CsvRecord): boolean {
  if (fields) return fields.every((field) => field.trim() === '');
  return text === '' || (text.charCodeAt(0) <= comma && /^[\s,]*$/.test(text));
}

/** Excel may write `sep=,` as the first line of a file; the header shows the separator anyway. */
function isSeparatorLine({ text, fields, line }: CsvRecord): boolean {
  return line === 1 && /^sep=.?,*$/i.test(text ?? fields.join(','));
}

const comma = 0x2c;

type RowCopier = (record: CsvRecord) => string;

function rowCopier(definition: FeedDefinition, layout: FileLayout, tally: FileTally): RowCopier {
  const parseRow = createRowParser(definition, layout);
  // the cache finds rows by the text after the NPN, so the NPN has to come first
  const cache = layout.indexes[0] === 0 ? createRowCache() : undefined;
  return (record) => {
    const { text, line } = record;
    tally.rows += 1;
    const cached = text === undefined ? undefined : cache?.find(text);
    if (cached !== undefined) return `${cached}\t${line}\t${copyNull}\n`;
    const { values, reason } = parseRow(checkedFields(record), record.reason);
    if (reason !== undefined) tally.bad += 1;
    else if (text !== undefined) cache?.save(text, values);
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

/** Escapes a text for Postgres' COPY text format, with backslashes. */
export function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);
}

/** A row to be staged. */
export interface ParsedRow {
  /** Values in the order of the feed's columns, separated by tabs for COPY; for a bad row the readable key alone. */
  values: string;
  /** Why the row is bad, naming columns and quoting no field; undefined for a good row. */
  reason: string | undefined;
}

/** Creates the parser of one file's records: fields → typed values, or a reason. A reason found before is kept. */
export function createRowParser(
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
      // a comma too many or too few shifts the fields; a wrongly guessed NPN does no harm, it only keeps an old row
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
