import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { type CsvError, type Info, type Parser, parse } from 'csv-parse';
import { refuse } from '../../domain/failures.ts';
import type { FeedDefinition } from './definitions.ts';
import { type ReadRow, rowReader } from './read-row.ts';
import { hasSsnName, hasSsnValue } from './ssn.ts';

/** A file as it comes in. */
export interface FeedFile {
  source: Readable;
  /** How many bytes the sender said would come, for example a Content-Length. */
  announcedBytes: number | undefined;
}

/** What is known of a file by its bytes; complete once all rows are read. */
export interface FileTally {
  bytes: number;
  rows: number;
  sha256: string;
}

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
  const skipped: ReadRow[] = [];
  let brokenAtLine: number | undefined;
  const parser = parserOf((error, raw) => {
    const line = Number(error['lines']);
    if (error.code === 'INVALID_OPENING_QUOTE') {
      const { values } = readRow([raw.split(',')[0] ?? '']);
      skipped.push({ line, values, reason: 'has a quotation mark inside a field' });
    } else {
      brokenAtLine ??= line;
      parser.destroy();
    }
  });
  let lastByte: number | undefined;
  const hash = createHash('sha256');
  async function* metered() {
    for await (const chunk of file.source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      tally.bytes += chunk.length;
      hash.update(chunk);
      lastByte = chunk.at(-1) ?? lastByte;
      yield chunk;
    }
  }
  // the loop below meets every failure as the parser's own
  pipeline(metered, parser, () => {});

  let headerRead = false;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
      if (record.some(hasSsnValue)) refuseSsn();
      if (!headerRead) {
        checkHeader(record, definition);
        headerRead = true;
      } else {
        tally.rows += 1;
        yield { ...readRow(record), line: info.lines - linesInside(record) };
      }
      yield* skipped.splice(0);
    }
  } catch (error) {
    if (brokenAtLine === undefined) throw error;
    const message = `A quotation mark on or before line ${brokenAtLine} is never closed: the rows after it cannot be read.`;
    refuse('feed-truncated', message, { line: brokenAtLine });
  }
  yield* skipped.splice(0);
  if (!headerRead) refuseHeader(definition);
  checkEnd(tally.bytes, file.announcedBytes, lastByte);
  tally.sha256 = hash.digest('hex');
}

function parserOf(onSkip: (error: CsvError, raw: string) => void): Parser {
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

/** Line breaks inside quoted fields: `info.lines` is where a record ends, a report names where it begins. */
function linesInside(record: readonly string[]): number {
  return record.reduce(
    (count, field) => count + (field.includes('\n') ? field.split('\n').length - 1 : 0),
    0,
  );
}

function checkHeader(record: readonly string[], definition: FeedDefinition): void {
  if (record.some(hasSsnName)) refuseSsn();
  const { columns } = definition;
  if (record.length !== columns.length || columns.some(({ header }, index) => record[index] !== header))
    refuseHeader(definition);
}

// What was found instead is not repeated: a file without a header has a person in its first line.
function refuseHeader({ kind, columns }: FeedDefinition): never {
  const expected = columns.map(({ header }) => header);
  refuse('feed-header-differs', `The header of ${kind} has to be exactly: ${expected.join(',')}`, {
    kind,
    expected,
  });
}

function refuseSsn(): never {
  refuse(
    'feed-holds-ssn',
    'The file has a column that looks like Social Security Numbers. Nothing of it was kept.',
  );
}

function checkEnd(bytes: number, announcedBytes: number | undefined, lastByte: number | undefined): void {
  if (announcedBytes !== undefined && bytes < announcedBytes) {
    refuse('feed-truncated', `Only ${bytes} of ${announcedBytes} announced bytes came.`, {
      bytes,
      announcedBytes,
    });
  }
  if (lastByte !== 0x0a) {
    refuse('feed-truncated', 'The last line does not end with a newline: the file is cut off.', { bytes });
  }
}
