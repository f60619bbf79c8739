import { refuse } from '../../../domain/failures.ts';

/** A part of a file that consists of whole lines; only the last block may end within a line. */
export interface Block {
  bytes: Buffer;
  isLast: boolean;
}

/** Approximate size of a block; no row of any feed is longer. */
export const blockBytes = 64 * 1024;
export const newline = 0x0a;
const carriageReturn = 0x0d;

const byteOrderMark = Buffer.from('\ufeff');

/**
 * Splits a file into blocks of whole lines, without its byte order mark. The first block comes as soon as it has a line,
 * so that a wrong header is refused early.
 *
 * @throws the refusal `feed-truncated` when a line is longer than any row can be
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let buffered: Buffer[] = [];
  let bufferedBytes = 0;
  let enough = 1;
  for await (const piece of splitChunks(chunks)) {
    buffered.push(piece);
    bufferedBytes += piece.length;
    if (bufferedBytes < enough) continue;
    const bytes = Buffer.concat(buffered);
    const end = bytes.lastIndexOf(newline) + 1;
    if (end > 0) {
      yield {
        bytes: enough === 1 ? stripByteOrderMark(bytes.subarray(0, end)) : bytes.subarray(0, end),
        isLast: false,
      };
      enough = blockBytes;
    } else if (bufferedBytes > blockBytes) refuseEndlessLine(bytes);
    buffered = [bytes.subarray(end)];
    bufferedBytes = bytes.length - end;
  }
  const bytes = Buffer.concat(buffered);
  yield { bytes: enough === 1 ? stripByteOrderMark(bytes) : bytes, isLast: true };
}

/** Splits large chunks, since a sender may bring the whole file in one. */
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
