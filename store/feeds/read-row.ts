import type { FeedDefinition } from './definitions.ts';

/** A row as it is staged: values in the order of the feed's columns; of a bad row only the readable key. */
export interface ReadRow {
  /** Where the row begins in the file, the header being line 1. */
  line: number;
  values: (string | null)[];
  /** Why the row is bad, in words that name columns and repeat no field; null for a good row. */
  reason: string | null;
}

/** Makes the reader of one feed's records: fields → typed values, or why not. A reason found before is kept. */
export function rowReader(
  definition: FeedDefinition,
): (fields: readonly string[], line: number, found?: string) => ReadRow {
  const { columns, key, contradiction } = definition;
  const indexes = new Map(columns.map(({ column }, index) => [column, index]));
  const isKey = columns.map(({ column }) => key.includes(column));

  return (fields, line, found) => {
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
      return { line, values: npnAlone, reason: found ?? counted };
    }
    const conflict = contradiction?.((column) => values[indexes.get(column) ?? -1] ?? null);
    if (conflict !== undefined) reasons.push(conflict);
    if (reasons.length === 0 && found === undefined) return { line, values, reason: null };
    return {
      line,
      values: values.map((value, index) => (isKey[index] ? value : null)),
      reason: found ?? reasons.join('; '),
    };
  };
}
