import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { z } from 'zod';

/** DKAN's default `rows_limit`. DKAN refuses a query for more rows, and a query for none. */
const maxRows = 500;

const toggle = (on: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .default(on ? 'true' : 'false')
    .transform((text) => text === 'true' || text === '1');
const querySchema = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(maxRows).default(maxRows),
  count: toggle(true),
  results: toggle(true),
  schema: toggle(true),
  keys: toggle(true),
  rowIds: toggle(false),
  'sorts[0][property]': z.string().optional(),
  'sorts[0][order]': z.string().optional(),
});
type Query = z.output<typeof querySchema>;

/** Parses the query parameters of a request. @returns the query, or DKAN's error message */
export function queryOf(parameters: unknown): Query | { message: string } {
  const parsed = querySchema.safeParse(parameters);
  if (!parsed.success) return { message: 'JSON Schema validation failed.' };
  const { 'sorts[0][property]': sortedBy, 'sorts[0][order]': order } = parsed.data;
  // DKAN sorts by any column; this fake has its rows in the order of the file only
  if (sortedBy !== undefined && sortedBy !== 'record_number') return { message: 'Column not found.' };
  if (sortedBy !== undefined && order !== 'asc') return { message: 'Invalid sort.' };
  return parsed.data;
}

/** Reads a page of a CSV file and returns it in the format of a DKAN datastore query. */
export async function answerQuery(file: string, resource: string, query: Query): Promise<object> {
  const { offset, limit, ...wanted } = query;
  let names: string[] = [];
  let headers: string[] = [];
  let count = -1;
  const rows: string[][] = [];
  const records = createReadStream(file).pipe(parse({ bom: true, relax_column_count: true }));
  for await (const cells of records as AsyncIterable<string[]>) {
    count += 1;
    if (count === 0) [headers, names] = [cells, machineNames(cells)];
    else if (count > offset && rows.length < limit) rows.push(names.map((_, column) => cells[column] ?? ''));
  }
  const fields = names.map((name, column) => [
    name,
    { type: 'text', mysql_type: 'text', description: headers[column]?.trim() },
  ]);
  const results = rows.map((row) =>
    wanted.keys ? Object.fromEntries(names.map((name, column) => [name, row[column]])) : row,
  );
  return {
    ...(wanted.results && { results }),
    ...(wanted.count && { count: Math.max(0, count) }),
    ...(wanted.schema && { schema: { [resource]: { fields: Object.fromEntries(fields) } } }),
    query: {
      limit,
      offset,
      count: wanted.count,
      results: wanted.results,
      schema: wanted.schema,
      keys: wanted.keys,
      resources: [{ id: resource, alias: 't' }],
      format: 'json',
      rowIds: false,
      properties: names,
    },
  };
}

/**
 * Names columns as DKAN does: spaces become underscores, other characters that are not letters, digits or underscores
 * are removed, and a repeated name gets a number.
 */
function machineNames(headers: readonly string[]): string[] {
  const names: string[] = [];
  for (const header of headers) {
    const bare = header
      .replaceAll(/ |\r?\n/g, '_')
      .replaceAll(/[^A-Za-z0-9_]/g, '')
      .replaceAll(/^_+|_+$/g, '');
    let name = bare.toLowerCase();
    for (let number = 2; names.includes(name); number += 1) name = `${bare.toLowerCase()}_${number}`;
    names.push(name);
  }
  return names;
}
