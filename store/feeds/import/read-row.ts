import { copyNull, copyText } from './copy-text.ts';
import type { FeedDefinition } from './definitions.ts';
import type { FileLayout } from './header.ts';

/** A row as it is staged. */
export interface ParsedRow {
  /** In the order of the feed's columns, as a COPY takes them, with tabs between; of a bad row the readable key. */
  values: string;
  /** Why the row is bad, in words that name columns and repeat no field; undefined for a good row. */
  reason: string | undefined;
}

/** Makes the reader of one file's records: fields → typed values, or why not. A reason found before is kept. */
export function createRowReader(
  definition: FeedDefinition,
  { indexes, fields: { most, least } }: FileLayout,
): (fields: readonly string[], found?: string) => ParsedRow {
  const { columns, key, contradiction } = definition;
  const positions = new Map(columns.map(({ column }, index) => [column, index]));
  const isKey = columns.map(({ column }) => key.includes(column));

  return (fields, found) => {
    const reasons: string[] = [];
    const values = columns.map(({ header, read }, index) => {
      const cell = read((fields[indexes[index] ?? -1] ?? '').trim());
      if ('value' in cell) return cell.value;
      reasons.push(`${header} ${cell.reason}`);
      return null;
    });
    if (found !== undefined || fields.length > most || fields.length < least) {
      // with a comma too many or too few nobody knows which field is which; an NPN that is guessed only keeps a row
      const npnAlone = values.map((value, index) => (index === 0 ? value : null));
      const counted = `has ${fields.length} fields instead of ${most}`;
      return { values: toCopyLine(npnAlone), reason: found ?? counted };
    }
    const conflict = contradiction?.((column) => values[positions.get(column) ?? -1] ?? null);
    if (conflict !== undefined) reasons.push(conflict);
    if (reasons.length === 0) return { values: toCopyLine(values), reason: undefined };
    const readableKey = values.map((value, index) => (isKey[index] ? value : null));
    return { values: toCopyLine(readableKey), reason: reasons.join('; ') };
  };
}

function toCopyLine(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? copyNull : copyText(value))).join('\t');
}
