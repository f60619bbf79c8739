import { copyNull, copyText } from './copy-text.ts';
import type { FeedDefinition } from './definitions.ts';

/** A row as it is staged. */
export interface ReadRow {
  /** In the order of the feed's columns, as a COPY takes them, with tabs between; of a bad row the readable key. */
  values: string;
  /** Why the row is bad, in words that name columns and repeat no field; undefined for a good row. */
  reason: string | undefined;
}

/** Makes the reader of one feed's records: fields → typed values, or why not. A reason found before is kept. */
export function rowReader(
  definition: FeedDefinition,
): (fields: readonly string[], found?: string) => ReadRow {
  const { columns, key, contradiction } = definition;
  const indexes = new Map(columns.map(({ column }, index) => [column, index]));
  const isKey = columns.map(({ column }) => key.includes(column));

  return (fields, found) => {
    const reasons: string[] = [];
    const values = columns.map(({ header, read }, index) => {
      const cell = read((fields[index] ?? '').trim());
      if ('value' in cell) return cell.value;
      reasons.push(`${header} ${cell.reason}`);
      return null;
    });
    if (fields.length !== columns.length) {
      // with a comma too many or too few nobody knows which field is which, save the first one
      const npnAlone = values.map((value, index) => (index === 0 ? value : null));
      const counted = `has ${fields.length} fields instead of ${columns.length}`;
      return { values: copied(npnAlone), reason: found ?? counted };
    }
    const conflict = contradiction?.((column) => values[indexes.get(column) ?? -1] ?? null);
    if (conflict !== undefined) reasons.push(conflict);
    if (reasons.length === 0 && found === undefined) return { values: copied(values), reason: undefined };
    const readableKey = values.map((value, index) => (isKey[index] ? value : null));
    return { values: copied(readableKey), reason: found ?? reasons.join('; ') };
  };
}

function copied(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? copyNull : copyText(value))).join('\t');
}
