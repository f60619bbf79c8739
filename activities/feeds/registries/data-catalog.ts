import { z } from 'zod';
import type { CatalogRelease } from '../../../store/feeds/feed-pulls.ts';
import { RegistryOutage, registryOutageFrom } from './registry-outage.ts';

/** One page of a dataset's table: its columns by the catalog's machine names, such as `shop_end_date`, and the rows. */
export interface CatalogPage {
  headers: string[];
  rows: string[][];
  /** How many rows the table has in all. */
  count: number;
}

/** A data catalog, as far as a list is pulled from it. */
export interface DataCatalog {
  dataset: string;
  /** The release that the catalog has now; undefined where it says that nothing has changed since `etag`. */
  currentRelease: (etag: string | null) => Promise<CatalogRelease | undefined>;
  page: (at: { offset: number; limit: number }) => Promise<CatalogPage>;
}

const timeoutMs = 60_000;

const datasetItem = z.object({
  modified: z.string().min(1),
  distribution: z
    .array(
      z.object({ identifier: z.string().min(1), data: z.object({ downloadURL: z.string().optional() }) }),
    )
    .min(1),
});
/** A number of rows: some versions write it as text. */
const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(0));
/** A column is text until a data dictionary gives it a type: then a date is ISO 8601, and an empty one is null. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const queryAnswer = z.object({
  count,
  results: z.array(z.record(z.string(), cell)),
  schema: z.record(z.string(), z.object({ fields: z.record(z.string(), z.unknown()) })),
});

/** The catalog asks for patience; `afterMs` is for how long, where it says so. */
export class CatalogBusy extends RegistryOutage {
  readonly retryAfterMs: number | undefined;

  constructor(code: string, afterMs: number | undefined) {
    super(code);
    this.retryAfterMs = afterMs;
  }
}

/**
 * The API of a DKAN catalog such as data.healthcare.gov: the dataset's item with its distributions (each file has its
 * own id, so that a changed list is another distribution), and the table of the first distribution, page by page.
 * @throws RegistryOutage when there is no answer, or none that can be used
 */
export function createDataCatalog({ url, dataset }: { url: string; dataset: string }): DataCatalog {
  const base = url.replace(/\/$/, '');
  const item = `${base}/api/1/metastore/schemas/dataset/items/${dataset}?show-reference-ids`;
  const table = `${base}/api/1/datastore/query/${dataset}/0`;
  return {
    dataset,
    async currentRelease(etag) {
      // fetch adds `no-cache` to such a request where it has no directive of its own, and then hardly anybody answers 304
      const known: Record<string, string> = etag
        ? { 'if-none-match': etag, 'cache-control': 'max-age=0' }
        : {};
      const response = await get(item, known);
      if (response.status === 304) return undefined;
      const { modified, distribution } = read(datasetItem, await json(response));
      const { count: rows } = await pageAt(table, { offset: 0, limit: 1 });
      const [first] = distribution;
      return {
        distribution: first?.identifier ?? '',
        modified,
        etag: response.headers.get('etag'),
        rows,
      };
    },
    page: (at) => pageAt(table, at),
  };
}

async function pageAt(
  table: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<CatalogPage> {
  const query = new URLSearchParams({
    offset: `${offset}`,
    limit: `${limit}`,
    count: 'true',
    schema: 'true',
    keys: 'true',
    // MySQL promises no order without one, and the pages of one list have to fit each other
    'sorts[0][property]': rowNumber,
    'sorts[0][order]': 'asc',
  });
  const answer = read(queryAnswer, await json(await get(`${table}?${query}`)));
  // the names for machines: what a column was called in the file, its description, can be another title by now
  const headers = Object.keys(Object.values(answer.schema)[0]?.fields ?? {}).filter(
    (name) => name !== rowNumber,
  );
  return {
    headers,
    rows: answer.results.map((row) => headers.map((name) => `${row[name] ?? ''}`)),
    count: answer.count,
  };
}

/** DKAN numbers the rows of a table in the order of the file, in a column that it does not show. */
const rowNumber = 'record_number';

async function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (thrown) {
    throw registryOutageFrom(thrown);
  }
  if (response.ok || response.status === 304) return response;
  throw new CatalogBusy(`http-${response.status}`, retryAfterOf(response.headers.get('retry-after')));
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (thrown) {
    // cut off in the middle, or a page of a proxy's
    throw (thrown as Error).name === 'SyntaxError'
      ? new RegistryOutage('unreadable')
      : registryOutageFrom(thrown);
  }
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new RegistryOutage('unreadable');
  return parsed.data;
}

/** `Retry-After` in seconds or as a date, in milliseconds from now. */
function retryAfterOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
