/** Rows gathered into one chunk of a COPY: fewer, larger writes are several times faster. */
const chunkLength = 64 * 1024;

/** Null in Postgres' COPY text format. */
export const copyNull = '\\N';

/** A text in Postgres' COPY text format, which escapes by backslash. */
export function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);
}

/** Joins lines into chunks of about 64 kB. */
export async function* inChunks(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
