/** Null in Postgres' COPY text format. */
export const copyNull = '\\N';

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A text in Postgres' COPY text format, which escapes by backslash. */
export function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);
}
