import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { z } from 'zod';

/** `rows_limit` of DKAN as it is installed; a query that asks for more is an error, and so is one for none. */
const mostRows = 500;

const toggle = (on: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .default(on ? 'true' : 'false')
    .transform((text) => text === 'true' || text === '1');
const query = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(mostRows).default(mostRows),
  count: toggle(true),
  results: toggle(true),
  schema: toggle(true),
  keys: toggle(true),
  rowIds: toggle(false),
  'sorts[0][property]': z.string().optional(),
  'sorts[0][order]': z.string().optional(),
});
type Query = z.output<typeof query>;

/** The query of a request; or the sentence by which DKAN refuses it. */
export function queryOf(given: unknown): Query | { message: string } {
  const read = query.safeParse(given);
  if (!read.success) return { message: 'JSON Schema validation failed.' };
  const { 'sorts[0][property]': sortedBy, 'sorts[0][order]': order } = read.data;
  // DKAN sorts by any column; this one has its rows in the order of the file alone
  if (sortedBy !== undefined && sortedBy !== 'record_number') return { message: 'Column not found.' };
  if (sortedBy !== undefined && order !== 'asc') return { message: 'Invalid sort.' };
  return read.data;
}

/** A page of a file's table, under its machine names, in the shape of a datastore query's answer. */
export async function answerQuery(file: string, resource: string, asked: Query): Promise<object> {
  const { offset, limit, ...wanted } = asked;
  let names: string[] = [];
  let headers: string[] = [];
  let count = -1;
  const rows: string[][] = [];
  const records = createReadStream(file).pipe(parse({ bom: true, relax_column_count: true }));
  for await (const cells of records as AsyncIterable<string[]>) {
    count += 1;
    if (count === 0) [headers, names] = [cells, machineNames(cells)];
    else if (count > offset && rows.length < limit) rows.push(names.map((_, place) => cells[place] ?? ''));
  }
  const fields = names.map((name, place) => [
    name,
    { type: 'text', mysql_type: 'text', description: headers[place]?.trim() },
  ]);
  const results = rows.map((row) =>
    wanted.keys ? Object.fromEntries(names.map((name, place) => [name, row[place]])) : row,
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

/** As DKAN names columns: spaces become underscores, whatever else is no letter, digit or underscore goes; a repeated name is numbered. */
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
