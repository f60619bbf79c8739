/** Rows gathered into one chunk of a COPY: fewer, larger writes are several times faster. */
const chunkLength = 64 * 1024;

/** One line of Postgres' COPY text format: tab-separated, null as `\N`, backslash escapes. */
export function copyLine(values: readonly (string | number | null)[]): string {
  return `${values.map((value) => (value === null ? '\\N' : escape(String(value)))).join('\t')}\n`;
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

function escape(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
