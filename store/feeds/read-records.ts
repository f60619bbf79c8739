import type { CsvError, Info } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { refuse } from '../../domain/failures.ts';
import { blockBytes, blocksOf, newline } from './read-blocks.ts';

/** A record of a CSV file that is a line without a quotation mark: its commas end its fields. */
interface PlainLine {
  text: string;
  fields?: undefined;
  reason?: undefined;
  /** Where it begins, the first line being 1. */
  line: number;
}

interface ParsedFields {
  text?: undefined;
  /** Of a record with a reason, what lies between its commas. */
  fields: string[];
  reason?: string;
  line: number;
}

export type FoundRecord = PlainLine | ParsedFields;

interface Found {
  records: FoundRecord[];
  /** The line in which a quotation mark was found open, and where its record begins, in bytes of the block. */
  open?: { line: number; from: number };
  /** The line after which nothing can be read, whatever follows. */
  brokenAtLine?: number;
}

const quotationMark = 0x22;

/**
 * The records of a CSV file (RFC 4180, UTF-8, lines ended by LF or CRLF), a block of whole lines at a time. Where
 * there is no quotation mark, a line is a record and a comma ends a field; csv-parse, which takes several times as
 * long, reads only the blocks that have one. A record with a stray quotation mark is told apart.
 *
 * @throws the refusal `feed-truncated` for a quotation mark that is never closed: nothing after it can be told apart
 */
export async function* recordsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<FoundRecord[]> {
  let line = 1;
  let held: Buffer | undefined;
  for await (const { bytes, isLast } of blocksOf(chunks)) {
    const block: Buffer = held ? Buffer.concat([held, bytes]) : bytes;
    const { records, open, brokenAtLine } = block.includes(quotationMark)
      ? quotedRecords(block, line)
      : { records: plainRecords(block, line) };
    yield records;
    const refusedAtLine = brokenAtLine ?? (isLast ? open?.line : undefined);
    if (refusedAtLine !== undefined) refuseOpen(refusedAtLine);
    held = open && block.subarray(open.from);
    line += countLines(open ? block.subarray(0, open.from) : block);
  }
}

function plainRecords(block: Buffer, firstLine: number): FoundRecord[] {
  const lines = block.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text, index) => ({
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
    line: firstLine + index,
  }));
}

function quotedRecords(block: Buffer, firstLine: number): Found {
  const strays: FoundRecord[] = [];
  let brokenAtLine: number | undefined;
  let openAtLine: number | undefined;
  const parsed = parseQuoted(block, (error, raw) => {
    const line = firstLine - 1 + Number(error['lines']);
    if (error.code === 'INVALID_OPENING_QUOTE') {
      strays.push({ fields: raw.split(','), line, reason: 'has a quotation mark inside a field' });
    } else if (error.code === 'CSV_QUOTE_NOT_CLOSED') openAtLine ??= line;
    else brokenAtLine ??= line;
  });
  const records = parsed.map(({ record, info }) => ({
    fields: record,
    line: firstLine - 1 + info.lines - linesInside(record),
  }));
  if (brokenAtLine !== undefined) return { records, brokenAtLine };
  if (openAtLine === undefined) return { records: [...records, ...strays] };
  // what comes after the last whole record is read again with the next block, and so are its strays
  const lastLine = records.at(-1)?.line ?? 0;
  return {
    records: [...records, ...strays.filter(({ line }) => line < lastLine)],
    open: { line: openAtLine, from: parsed.at(-1)?.info.bytes ?? 0 },
  };
}

interface ParsedRecord {
  record: string[];
  info: Info;
}

function parseQuoted(block: Buffer, onSkip: (error: CsvError, raw: string) => void): ParsedRecord[] {
  const records: unknown[] = parse(block, {
    info: true,
    raw: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    // a space before or behind a quotation mark is no part of a field
    trim: true,
    max_record_size: blockBytes,
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      if (error) onSkip(error, raw ?? '');
      return undefined;
    },
  });
  // with `info` a record comes beside where it was found, which the library's types do not say
  return records as ParsedRecord[];
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

/** Line breaks inside quoted fields: `info.lines` is where a record ends. */
function linesInside(record: readonly string[]): number {
  return record.reduce(
    (count, field) => count + (field.includes('\n') ? field.split('\n').length - 1 : 0),
    0,
  );
}

function refuseOpen(line: number): never {
  const message = `A quotation mark on or before line ${line} is never closed: the rows after it cannot be read.`;
  refuse('feed-truncated', message, { line });
}
