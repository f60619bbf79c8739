import { refuse } from '../../../domain/failures.ts';

/** A part of a file that begins at the beginning of a line and, unless it is the last, ends at the end of one. */
export interface Block {
  bytes: Buffer;
  isLast: boolean;
}

/** About how much is parsed at a time; no row of any feed is longer. */
export const blockBytes = 64 * 1024;
export const newline = 0x0a;
const carriageReturn = 0x0d;

const byteOrderMark = Buffer.from('\ufeff');

/**
 * Cuts a file into blocks of whole lines, without a byte order mark. The first comes as soon as it has a line, so
 * that a header that differs is refused early.
 *
 * @throws the refusal `feed-truncated` when a line does not end for longer than any row can be
 */
export async function* readBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let enough = 1;
  for await (const piece of splitChunks(chunks)) {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < enough) continue;
    const bytes = Buffer.concat(held);
    const end = bytes.lastIndexOf(newline) + 1;
    if (end > 0) {
      yield {
        bytes: enough === 1 ? stripByteOrderMark(bytes.subarray(0, end)) : bytes.subarray(0, end),
        isLast: false,
      };
      enough = blockBytes;
    } else if (heldBytes > blockBytes) refuseEndlessLine(bytes);
    held = [bytes.subarray(end)];
    heldBytes = bytes.length - end;
  }
  const bytes = Buffer.concat(held);
  yield { bytes: enough === 1 ? stripByteOrderMark(bytes) : bytes, isLast: true };
}

/** A sender may bring all at once: the pieces keep a block small. */
async function* splitChunks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += blockBytes) yield chunk.subarray(at, at + blockBytes);
  }
}

function stripByteOrderMark(bytes: Buffer): Buffer {
  const { length } = byteOrderMark;
  return bytes.subarray(0, length).equals(byteOrderMark) ? bytes.subarray(length) : bytes;
}

function refuseEndlessLine(line: Buffer): never {
  const why = line.includes(carriageReturn)
    ? 'the lines of the file end with CR alone, where LF or CRLF belongs.'
    : 'it does not end where it should.';
  refuse('feed-truncated', `A line is longer than ${blockBytes / 1024} kB: ${why}`);
}
