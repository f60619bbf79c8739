/** A mark that was found, with its place and the text around it. */
export interface MarkFinding {
  mark: string;
  where: string;
  around: string;
}

/** A stored text with the name of its place. */
export interface StoredText {
  where: string;
  text: string;
}

/**
 * Finds marks in texts in any case. A phone number is found in every spelling. A mark of digits only, such as a ZIP, is
 * found only as a separate number, because ids and instants contain such digits by chance.
 */
export function findMarks(marks: readonly string[], texts: readonly StoredText[]): MarkFinding[] {
  const patterns = marks.map((mark) => ({ mark, pattern: patternOf(mark) }));
  return texts.flatMap(({ where, text }) =>
    patterns.flatMap(({ mark, pattern }) => {
      const at = text.search(pattern);
      return at < 0 ? [] : [{ mark, where, around: text.slice(Math.max(0, at - 200), at + 200) }];
    }),
  );
}

function patternOf(mark: string): RegExp {
  if (/^\+1\d{10}$/.test(mark)) {
    const [area, exchange, line] = [mark.slice(2, 5), mark.slice(5, 8), mark.slice(8)];
    return new RegExp(String.raw`${area}\D{0,3}${exchange}\D{0,2}${line}`);
  }
  const literal = mark.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return /^\d+$/.test(mark)
    ? new RegExp(String.raw`(?<![\w.-])${literal}(?![\w-])`)
    : new RegExp(literal, 'i');
}

/** Converts any value to text. Bytes are decoded at any depth, also inside protobuf messages. */
export function textOf(value: unknown): string {
  return JSON.stringify(readable(value));
}

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(readable);
  if (value instanceof Map) return readable([...value]);
  // its own fields rather than its toJSON, which writes bytes as base64
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
  return typeof value === 'function' ? undefined : value;
}
