import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { refuse } from '../../../domain/failures.ts';

/** A file as it comes in. */
export interface FeedFile {
  source: Readable;
  /** How many bytes the sender said would come, for example a Content-Length. */
  announcedBytes: number | undefined;
}

/** What is known of a file as it is read; complete once all rows are. */
export interface FileTally {
  bytes: number;
  /** All rows, and how many of them cannot be read. */
  rows: number;
  bad: number;
  /** The names of the columns that the feed does not have, known once the header is read. */
  additionalColumns: readonly string[];
  sha256: string;
}

/** The bytes of a file passing by, and the check of its end. */
export interface FileMeter {
  chunks(): AsyncGenerator<Buffer>;
  /** To be called after the last chunk. @throws `feed-truncated` */
  checkEnd(): void;
}

/** Counts and hashes a file on its way into the tally. Does not close the source when its reader stops early. */
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
