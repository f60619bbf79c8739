import { refuse } from '../../../domain/failures.ts';
import { classifyLine, parseQuotedFields, splitIgnoringQuotes } from './quoted-fields.ts';
import { blockBytes, newline, readBlocks } from './read-blocks.ts';

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

export type CsvRecord = PlainLine | ParsedFields;

interface ParsedBlock {
  records: CsvRecord[];
  /** The line in which a quotation mark was found open, and where its record begins, in bytes of the block. */
  open?: { line: number; from: number };
  /** The line after which nothing can be read, whatever follows. */
  brokenAtLine?: number;
}

const quotationMark = 0x22;

/**
 * The records of a CSV file (RFC 4180, UTF-8, lines ended by LF or CRLF), a block of whole lines at a time. Where
 * there is no quotation mark, a line is a record and a comma ends a field; only the blocks that have one are read by
 * the rules of quoted fields. A line with a stray quotation mark is one record, with the reason why it is bad.
 *
 * @throws the refusal `feed-truncated` for a quotation mark that is never closed: nothing after it can be told apart
 */
export async function* readRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  let line = 1;
  let held: Buffer | undefined;
  for await (const { bytes, isLast } of readBlocks(chunks)) {
    const block: Buffer = held ? Buffer.concat([held, bytes]) : bytes;
    const { records, open, brokenAtLine } = block.includes(quotationMark)
      ? quotedRecords(block, line)
      : { records: plainRecords(block, line) };
    yield records;
    const refusedAtLine = brokenAtLine ?? (isLast ? open?.line : undefined);
    if (refusedAtLine !== undefined) refuseOpenQuote(refusedAtLine);
    held = open && block.subarray(open.from);
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
    // within a quoted field a line goes on as one would begin with a quotation mark
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

/** Where a line begins, in bytes: a text that is not UTF-8 has other lengths than its bytes. The first line is 0. */
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
