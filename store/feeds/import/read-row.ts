import { copyNull, copyText } from './copy-text.ts';
import type { FeedDefinition } from './definitions.ts';
import type { FileLayout } from './header.ts';

/** A row as it is staged. */
export interface ReadRow {
  /** In the order of the feed's columns, as a COPY takes them, with tabs between; of a bad row the readable key. */
  values: string;
  /** Why the row is bad, in words that name columns and repeat no field; undefined for a good row. */
  reason: string | undefined;
}

/** Makes the reader of one file's records: fields → typed values, or why not. A reason found before is kept. */
export function rowReader(
  definition: FeedDefinition,
  { places, fields: { most, least } }: FileLayout,
): (fields: readonly string[], found?: string) => ReadRow {
  const { columns, key, contradiction } = definition;
  const indexes = new Map(columns.map(({ column }, index) => [column, index]));
  const isKey = columns.map(({ column }) => key.includes(column));

  return (fields, found) => {
    const reasons: string[] = [];
    const values = columns.map(({ header, read }, index) => {
      const cell = read((fields[places[index] ?? -1] ?? '').trim());
      if ('value' in cell) return cell.value;
      reasons.push(`${header} ${cell.reason}`);
      return null;
    });
    if (found !== undefined || fields.length > most || fields.length < least) {
      // with a comma too many or too few nobody knows which field is which; an NPN that is guessed only keeps a row
      const npnAlone = values.map((value, index) => (index === 0 ? value : null));
      const counted = `has ${fields.length} fields instead of ${most}`;
      return { values: copied(npnAlone), reason: found ?? counted };
    }
    const conflict = contradiction?.((column) => values[indexes.get(column) ?? -1] ?? null);
    if (conflict !== undefined) reasons.push(conflict);
    if (reasons.length === 0) return { values: copied(values), reason: undefined };
    const readableKey = values.map((value, index) => (isKey[index] ? value : null));
    return { values: copied(readableKey), reason: reasons.join('; ') };
  };
}

function copied(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? copyNull : copyText(value))).join('\t');
}
