import { copyNull, copyText } from './copy-text.ts';
import type { FeedDefinition } from './definitions.ts';
import { checkForSsn, checkHeader } from './header.ts';
import { createKnownRows } from './known-rows.ts';
import { type FeedFile, type FileTally, meterOf } from './metered.ts';
import { type FoundRecord, recordsOf } from './read-records.ts';
import { rowReader } from './read-row.ts';

/**
 * Reads a feed's file in constant memory, about 64 kB at a time, and yields its rows as lines of a COPY: the values
 * in the order of the feed's columns, the line where the row begins (the header being line 1), and the reason of a
 * bad row, which then has its readable key alone. Keeps the tally up to date. It leaves the source open when it stops
 * early, so that a door can still answer.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated` and `feed-holds-ssn`; none repeats what the file
 * holds. Whatever the source itself fails with is passed on.
 */
export async function* readRows(
  definition: FeedDefinition,
  file: FeedFile,
  tally: FileTally,
): AsyncGenerator<string> {
  const copyOf = rowCopier(definition, tally);
  const meter = meterOf(file, tally);
  let headerRead = false;
  for await (const records of recordsOf(meter.chunks())) {
    let copied = '';
    for (const record of records) {
      if (headerRead) copied += copyOf(record);
      else checkHeader(checked(record), definition);
      headerRead = true;
    }
    if (copied !== '') yield copied;
  }
  if (!headerRead) checkHeader([], definition);
  meter.checkEnd();
}

function rowCopier(definition: FeedDefinition, tally: FileTally): (record: FoundRecord) => string {
  const readRow = rowReader(definition);
  const knownRows = createKnownRows();
  return (record) => {
    const { text, line } = record;
    tally.rows += 1;
    const known = text === undefined ? undefined : knownRows.find(text);
    if (known !== undefined) return `${known}\t${line}\t${copyNull}\n`;
    const { values, reason } = readRow(checked(record), record.reason);
    if (reason !== undefined) tally.bad += 1;
    else if (text !== undefined) knownRows.keep(text, values);
    return `${values}\t${line}\t${reason === undefined ? copyNull : copyText(reason)}\n`;
  };
}

/** @throws `feed-holds-ssn` */
function checked(record: FoundRecord): string[] {
  const fields = record.fields ?? record.text.split(',');
  checkForSsn(fields);
  return fields;
}
