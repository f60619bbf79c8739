import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { type CsvError, type Parser, parse } from 'csv-parse';
import { refuse } from '../../domain/failures.ts';
import type { FeedDefinition } from './definitions.ts';
import { type ReadRow, rowReader } from './read-row.ts';
import { hasSsnColumn, hasSsnValue } from './ssn.ts';

/** What is known of a file by its bytes; complete once all rows are read. */
export interface FileTally {
  bytes: number;
  rows: number;
  sha256: string;
}

/** The file as it comes in, and where its end is checked. */
export interface FeedFile {
  source: Readable;
  /** How many bytes the sender said would come, for example a Content-Length. */
  announcedBytes: number | undefined;
}

/** One record longer than this is no row of any feed: most likely a quotation mark that is never closed. */
const maxRowBytes = 64 * 1024;

/**
 * Reads a feed's file row by row in constant memory (RFC 4180, UTF-8, lines ended by LF or CRLF) and keeps the
 * tally up to date. Leaves the source open when it stops early, so that a door can still answer.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated` and `feed-holds-ssn`; none repeats what the file holds.
 */
export async function* readRows(
  definition: FeedDefinition,
  file: FeedFile,
  tally: FileTally,
): AsyncGenerator<ReadRow> {
  const readRow = rowReader(definition);
  const skipped: ReadRow[] = [];
  const meter = meterOf(file.source, tally);
  const parser = startParser(meter.bytes(), (error, raw) => {
    if (error.code !== 'INVALID_OPENING_QUOTE') return;
    const npnAlone = readRow([raw.split(',')[0] ?? '']);
    skipped.push({ ...npnAlone, line: Number(error['lines']), reason: 'a quotation mark inside a field is not doubled' });
  });

  let nextLine = 1;
  for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
    const line = nextLine;
    nextLine = info.lines + 1;
    if (record.some(hasSsnValue)) refuseSsn();
    if (line === 1) checkHeader(record, definition);
    else {
      tally.rows += 1;
      yield { ...readRow(record), line };
    }
    yield* skipped.splice(0);
  }
  yield* skipped.splice(0);
  if (nextLine === 1) refuseHeader(definition);
  checkEnd(meter, file.announcedBytes);
  tally.sha256 = meter.sha256();
}
