import { pipeline } from 'node:stream';
import { type CsvError, type Info, type Parser, parse } from 'csv-parse';
import { refuse } from '../../domain/failures.ts';
import type { FeedDefinition } from './definitions.ts';
import { checkForSsn, checkHeader } from './header.ts';
import { type FeedFile, type FileTally, meterOf } from './metered.ts';
import { type ReadRow, rowReader } from './read-row.ts';

interface ParsedRecord {
  record: string[];
  info: Info;
}

/** A record longer than this is no row of any feed: most likely a quotation mark that is never closed. */
const maxRowBytes = 64 * 1024;

/**
 * Reads a feed's file row by row in constant memory (RFC 4180, UTF-8, lines ended by LF or CRLF) and keeps the
 * tally up to date. It leaves the source open when it stops early, so that a door can still answer.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated` and `feed-holds-ssn`; none repeats what the file
 * holds. Whatever the source itself fails with is passed on.
 */
export async function* readRows(
  definition: FeedDefinition,
  file: FeedFile,
  tally: FileTally,
): AsyncGenerator<ReadRow> {
  const readRow = rowReader(definition);
  const meter = meterOf(file, tally);
  let headerRead = false;
  for await (const item of recordsOf(meter.chunks())) {
    const { fields, line } = item;
    checkForSsn(fields);
    if (!headerRead) {
      checkHeader(fields, definition);
      headerRead = true;
    } else {
      tally.rows += 1;
      yield { ...readRow(fields), line, ...(item.reason && { reason: item.reason }) };
    }
  }
  if (!headerRead) checkHeader([], definition);
  meter.checkEnd();
}

interface FoundRecord {
  /** Of a record with a reason, its first field alone. */
  fields: string[];
  /** Where it begins. */
  line: number;
  reason?: string;
}

/** The records of a CSV file. One with a stray quotation mark is told apart; after an open one nothing can be. */
async function* recordsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<FoundRecord> {
  const strays: FoundRecord[] = [];
  let brokenAtLine: number | undefined;
  const parser = startParser((error, raw) => {
    const line = Number(error['lines']);
    if (error.code === 'INVALID_OPENING_QUOTE') {
      strays.push({ fields: [raw.split(',')[0] ?? ''], line, reason: 'has a quotation mark inside a field' });
    } else {
      brokenAtLine ??= line;
      parser.destroy();
    }
  });
  // the loop meets every failure as the parser's own
  pipeline(chunks, parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
      yield { fields: record, line: info.lines - linesInside(record) };
      yield* strays.splice(0);
    }
  } catch (error) {
    if (brokenAtLine === undefined) throw error;
  }
  if (brokenAtLine !== undefined) {
    const message = `A quotation mark on or before line ${brokenAtLine} is never closed: the rows after it cannot be read.`;
    refuse('feed-truncated', message, { line: brokenAtLine });
  }
  yield* strays;
}

function startParser(onSkip: (error: CsvError, raw: string) => void): Parser {
  return parse({
    bom: true,
    info: true,
    raw: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: maxRowBytes,
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      if (error) onSkip(error, raw ?? '');
      return undefined;
    },
  });
}

/** Line breaks inside quoted fields: `info.lines` is where a record ends. */
function linesInside(record: readonly string[]): number {
  return record.reduce(
    (count, field) => count + (field.includes('\n') ? field.split('\n').length - 1 : 0),
    0,
  );
}
