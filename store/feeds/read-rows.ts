import type { FeedDefinition } from './definitions.ts';
import { checkForSsn, checkHeader } from './header.ts';
import { type FeedFile, type FileTally, meterOf } from './metered.ts';
import { recordsOf } from './read-records.ts';
import { type ReadRow, rowReader } from './read-row.ts';

/**
 * Reads a feed's file in constant memory, the rows of about 64 kB at a time, and keeps the tally up to date. It
 * leaves the source open when it stops early, so that a door can still answer.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated` and `feed-holds-ssn`; none repeats what the file
 * holds. Whatever the source itself fails with is passed on.
 */
export async function* readRows(
  definition: FeedDefinition,
  file: FeedFile,
  tally: FileTally,
): AsyncGenerator<ReadRow[]> {
  const readRow = rowReader(definition);
  const meter = meterOf(file, tally);
  let headerRead = false;
  for await (const records of recordsOf(meter.chunks())) {
    const rows: ReadRow[] = [];
    for (const { fields, line, reason } of records) {
      checkForSsn(fields);
      if (headerRead) rows.push(readRow(fields, line, reason));
      else checkHeader(fields, definition);
      headerRead = true;
    }
    tally.rows += rows.length;
    if (rows.length > 0) yield rows;
  }
  if (!headerRead) checkHeader([], definition);
  meter.checkEnd();
}
