import { z } from 'zod';
import type { CatalogRelease } from '../../../store/feeds/feed-pulls.ts';
import { RegistryOutage, registryOutageFrom } from './registry-outage.ts';

/** One page of a dataset's table. Columns have the catalog's machine names, such as `shop_end_date`. */
export interface CatalogPage {
  headers: string[];
  rows: string[][];
  /** Number of rows in the whole table. */
  count: number;
}

/** The part of a data catalog that pulling a list needs. */
export interface DataCatalog {
  dataset: string;
  /** Reads the current release; undefined if the catalog says that nothing has changed since `etag`. */
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
/** A number of rows. Some versions of DKAN send it as text. */
const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(0));
/** A column is text unless a data dictionary gives it a type: then a date is ISO 8601, and an empty cell is null. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const queryAnswer = z.object({
  count,
  results: z.array(z.record(z.string(), cell)),
  schema: z.record(z.string(), z.object({ fields: z.record(z.string(), z.unknown()) })),
});

/** An HTTP error of the catalog. `retryAfterMs` is the wait that it asks for, if it does. */
export class CatalogBusy extends RegistryOutage {
  readonly retryAfterMs: number | undefined;

  constructor(code: string, retryAfterMs: number | undefined) {
    super(code);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Creates a client for a DKAN catalog such as data.healthcare.gov. It reads the dataset's item, which names its
 * distributions (each file has its own id, so that a changed list is another distribution), and the table of the first
 * distribution, page by page.
 * @throws RegistryOutage if there is no usable answer
 */
export function createDataCatalog({ url, dataset }: { url: string; dataset: string }): DataCatalog {
  const base = url.replace(/\/$/, '');
  const item = `${base}/api/1/metastore/schemas/dataset/items/${dataset}?show-reference-ids`;
  const table = `${base}/api/1/datastore/query/${dataset}/0`;
  return {
    dataset,
    async currentRelease(etag) {
      // without a cache directive fetch adds `no-cache` to a conditional request, and servers hardly ever answer 304
      // then
      const conditional: Record<string, string> = etag
        ? { 'if-none-match': etag, 'cache-control': 'max-age=0' }
        : {};
      const response = await get(item, conditional);
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
    // without an order MySQL may return rows in any, and pages would overlap
    'sorts[0][property]': rowNumber,
    'sorts[0][order]': 'asc',
  });
  const answer = read(queryAnswer, await json(await get(`${table}?${query}`)));
  // machine names, because a column's description (its title in the file) may have changed
  const headers = Object.keys(Object.values(answer.schema)[0]?.fields ?? {}).filter(
    (name) => name !== rowNumber,
  );
  return {
    headers,
    rows: answer.results.map((row) => headers.map((name) => `${row[name] ?? ''}`)),
    count: answer.count,
  };
}

/** DKAN's hidden column that numbers the rows of a table in the order of the file. */
const rowNumber = 'record_number';

async function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      // a list comes from the host that the settings name, or not at all
      redirect: 'error',
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
    // the answer was cut off, or a proxy sent its own page
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

/** Milliseconds from now of a `Retry-After` header, which holds seconds or a date. */
function retryAfterOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
