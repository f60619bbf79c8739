import { refuse } from '../../../domain/failures.ts';
import { classifyLine, parseQuotedFields, splitIgnoringQuotes } from './quoted-fields.ts';
import { blockBytes, newline, splitLines } from './split-lines.ts';

/** A record without quotation marks: a line whose commas separate its fields. */
interface PlainLine {
  text: string;
  fields?: undefined;
  reason?: undefined;
  /** Line where it begins, from 1. */
  line: number;
}

interface ParsedFields {
  text?: undefined;
  /** If there is a reason, the texts between the commas. */
  fields: string[];
  reason?: string;
  line: number;
}

export type CsvRecord = PlainLine | ParsedFields;

interface ParsedBlock {
  records: CsvRecord[];
  /** Line at which a quotation mark is still open, and start of its record in the block, in bytes. */
  open?: { line: number; from: number };
  /** Line after which nothing can be read, whatever follows. */
  brokenAtLine?: number;
}

const quotationMark = 0x22;

/**
 * Yields the records of a CSV file (RFC 4180, UTF-8, lines ended by LF or CRLF), those of one block at a time. Without a
 * quotation mark, a line is a record and commas separate its fields; only blocks that have one follow the slower rules of
 * quoted fields. A line with a stray quotation mark is a record with the reason why it is bad.
 *
 * @throws the refusal `feed-truncated` for a quotation mark that is never closed: the records after it cannot be found
 */
export async function* parseCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  let line = 1;
  let openRecord: Buffer | undefined;
  for await (const { bytes, isLast } of splitLines(chunks)) {
    const block: Buffer = openRecord ? Buffer.concat([openRecord, bytes]) : bytes;
    const { records, open, brokenAtLine } = block.includes(quotationMark)
      ? quotedRecords(block, line)
      : { records: plainRecords(block, line) };
    yield records;
    const refusedAtLine = brokenAtLine ?? (isLast ? open?.line : undefined);
    if (refusedAtLine !== undefined) refuseOpenQuote(refusedAtLine);
    openRecord = open && block.subarray(open.from);
    line += countLines(open ? block.subarray(0, open.from) : block);
  }
}

function plainRecords(block: Buffer, firstLine: number): CsvRecord[] {
  const lines = block.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text, index) => ({
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
    line: firstLine + index,
  }));
}

function quotedRecords(block: Buffer, firstLine: number): ParsedBlock {
  const lines = block.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const records: CsvRecord[] = [];
  let openFrom: number | undefined;
  for (const [index, whole] of lines.entries()) {
    const text = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    const line = firstLine + index;
    // a line inside a quoted field reads like a line that begins with a quotation mark
    const ending = classifyLine(openFrom === undefined ? text : `"\n${text}`);
    if (ending === 'stray' && openFrom !== undefined) return { records, brokenAtLine: line };
    if (ending === 'stray') {
      records.push({
        fields: splitIgnoringQuotes(text),
        line,
        reason: 'has a quotation mark inside a field',
      });
    } else if (ending === 'open') openFrom ??= index;
    else {
      const from = openFrom ?? index;
      const record = [...lines.slice(from, index), text].join('\n');
      records.push({ fields: parseQuotedFields(record), line: firstLine + from });
      openFrom = undefined;
    }
  }
  if (openFrom === undefined) return { records };
  const line = firstLine + lines.length - 1;
  const from = startOfLine(block, openFrom);
  return block.length - from > blockBytes
    ? { records, brokenAtLine: line }
    : { records, open: { line, from } };
}

/** Offset of a line in bytes; the first line is 0. Counted in bytes, since text that is not UTF-8 differs in length. */
function startOfLine(bytes: Buffer, index: number): number {
  let start = 0;
  for (let line = 0; line < index; line += 1) start = bytes.indexOf(newline, start) + 1;
  return start;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

function refuseOpenQuote(line: number): never {
  const message = `A quotation mark on or before line ${line} is never closed: the rows after it cannot be read.`;
  refuse('feed-truncated', message, { line });
}
