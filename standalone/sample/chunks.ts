/** Rows gathered into one write: fewer, larger ones are several times faster. */
const chunkLength = 64 * 1024;

/** Joins lines into chunks of about 64 kB. */
export function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
