import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { parse } from 'csv-parse';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { type Faults, playFault } from './faults.ts';

/** The dataset's id at data.healthcare.gov. */
const dataset = 'wb6u-x2ny';
const mostRows = 500;

const query = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(0).max(mostRows).default(mostRows),
});

/**
 * A DKAN data catalog that has one dataset, the Registration Completion List: its item with the distribution's own id,
 * and the table of the file in pages of 500 rows at the most. A file that is written anew is another distribution.
 */
export function dataCatalogRouter({ faults, file }: { faults: Faults; file: string | undefined }): Router {
  const router = express.Router();
  router.get('/api/1/metastore/schemas/dataset/items/:id', async (request, response) => {
    if (!(await isAnswered(faults, request, response))) return;
    const release = releaseOf(file, request.params.id);
    if (!release) return notFound(response);
    const { identifier, modified } = release;
    // Express answers 304 itself where the tag is the one that the client has
    response.set('ETag', `"${identifier}"`).json({
      '@type': 'dcat:Dataset',
      identifier: dataset,
      title: 'Agent Broker Registration Completion List',
      accessLevel: 'public',
      modified,
      distribution: [
        {
          identifier,
          data: {
            '@type': 'dcat:Distribution',
            mediaType: 'text/csv',
            downloadURL: `${request.protocol}://${request.host}/datafile/TBL_RCL.csv`,
          },
        },
      ],
    });
  });
  router.get('/api/1/datastore/query/:id/0', async (request, response) => {
    if (!(await isAnswered(faults, request, response))) return;
    const release = releaseOf(file, request.params.id);
    if (!release || file === undefined) return notFound(response);
    const asked = query.safeParse(request.query);
    if (!asked.success) return void response.status(400).json({ message: z.prettifyError(asked.error) });
    response.json(await pageOf(file, release.identifier, asked.data));
  });
  return router;
}

function notFound(response: Response): void {
  response.status(404).json({ message: 'No dataset with this identifier was found.', status: 404 });
}

function releaseOf(file: string | undefined, id: string) {
  if (file === undefined || id !== dataset || !existsSync(file)) return undefined;
  const { mtimeMs, size } = statSync(file);
  const digest = createHash('sha256').update(`${mtimeMs} ${size}`).digest('hex');
  const identifier = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  return { identifier, modified: new Date(mtimeMs).toISOString().slice(0, 10) };
}

/** A page in the shape of a datastore query: columns under names for machines, and the header as their description. */
async function pageOf(
  file: string,
  resource: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<object> {
  let headers: string[] = [];
  let count = -1;
  const results: Record<string, string>[] = [];
  const records = createReadStream(file).pipe(parse({ bom: true, relax_column_count: true }));
  for await (const cells of records as AsyncIterable<string[]>) {
    count += 1;
    if (count === 0) headers = cells;
    else if (count > offset && results.length < limit)
      results.push(Object.fromEntries(headers.map((header, place) => [nameOf(header), cells[place] ?? ''])));
  }
  const fields = headers.map((header) => [nameOf(header), { type: 'text', description: header }]);
  return {
    results,
    count: Math.max(0, count),
    schema: {
      [resource]: { fields: { record_number: { type: 'serial' }, ...Object.fromEntries(fields) } },
    },
    query: { limit, offset, keys: true },
  };
}

const nameOf = (header: string) =>
  header
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');

/** Plays what the outbox was told to do wrong. @returns whether the answer itself is still to be given */
async function isAnswered(faults: Faults, request: Request, response: Response): Promise<boolean> {
  const fault = faults.take('catalog', dataset);
  if (!(await playFault(fault, request))) return false;
  if (fault?.kind === 'refuse') {
    // cut off in the middle, as by a proxy
    response.type('application/json').send('{"results":[{"npn":"12');
    return false;
  }
  if (fault?.kind !== 'outage') return true;
  if (fault.retryAfterSeconds) response.set('Retry-After', String(fault.retryAfterSeconds));
  response.status(fault.retryAfterSeconds ? 429 : 503).json({ message: 'Try again later.' });
  return false;
}
