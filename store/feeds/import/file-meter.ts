import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { refuse } from '../../../domain/failures.ts';

/** An incoming file. */
export interface FeedFile {
  source: Readable;
  /** Number of bytes that the sender announced, for example by Content-Length. */
  announcedBytes: number | undefined;
}

/** Figures of a file, updated while it is read; final after the last row. */
export interface FileTally {
  bytes: number;
  /** All rows, and the bad ones among them. */
  rows: number;
  bad: number;
  /** Names of columns that the feed does not have; set once the header is read. */
  additionalColumns: readonly string[];
  sha256: string;
}

/** Measures a file as it is read, and checks its end. */
export interface FileMeter {
  chunks(): AsyncGenerator<Buffer>;
  /** Call after the last chunk. @throws `feed-truncated` */
  checkEnd(): void;
}

/** Counts and hashes the bytes of a file into the tally. Does not close the source if its reader stops early. */
export function createFileMeter({ source, announcedBytes }: FeedFile, tally: FileTally): FileMeter {
  const hash = createHash('sha256');
  let lastByte: number | undefined;
  return {
    async *chunks() {
      for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        tally.bytes += chunk.length;
        hash.update(chunk);
        lastByte = chunk.at(-1) ?? lastByte;
        yield chunk;
      }
      tally.sha256 = hash.digest('hex');
    },
    checkEnd() {
      const { bytes } = tally;
      if (announcedBytes !== undefined && bytes < announcedBytes) {
        const message = `Only ${bytes} of ${announcedBytes} announced bytes came.`;
        refuse('feed-truncated', message, { bytes, announcedBytes });
      }
      if (lastByte !== 0x0a) {
        refuse('feed-truncated', 'The last line does not end with a newline: the file is cut off.', {
          bytes,
        });
      }
    },
  };
}
