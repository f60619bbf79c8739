import { type RawBuilder, sql } from 'kysely';

/** SQL: the row of a query as JSON, so that one statement reads rows of several tables; null without a row. */
export const jsonRow = (query: RawBuilder<unknown>): RawBuilder<object | null> =>
  sql`(select row_to_json(found) from (${query}) found)`;

/** Reads a row that Postgres gave as JSON: names in camelCase, and instants, whose columns end in `_at`, as dates. */
export function fromJsonRow<Row>(json: object | null): Row | undefined {
  if (json === null) return undefined;
  return Object.fromEntries(Object.entries(json).map(readColumn)) as Row;
}

function readColumn([column, value]: [string, unknown]): [string, unknown] {
  const isInstant = column.endsWith('_at') && typeof value === 'string';
  return [camelCase(column), isInstant ? new Date(value) : value];
}

const camelCase = (column: string) => column.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
