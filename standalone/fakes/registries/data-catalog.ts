import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import express, { type Request, type Response, type Router } from 'express';
import { applyFault, type Faults } from '../faults.ts';
import { answerQuery, queryOf } from './datastore-query.ts';

/** Id of the dataset at data.healthcare.gov. */
const dataset = 'wb6u-x2ny';

/**
 * Fakes a DKAN data catalog with one dataset, the Registration Completion List: the metastore item and the datastore
 * table. Distributions have ids only if the request asks for them. A rewritten file is a new distribution with a new
 * file name. Responses and errors follow GetDKAN/dkan (MetastoreController, AbstractQueryController, DatastoreQuery)
 * and the recordings in GetDKAN/cmsds-open-data-components (mockDatasetItem).
 */
export function dataCatalogRouter({ faults, file }: { faults: Faults; file: string | undefined }): Router {
  const router = express.Router();
  router.get('/api/1/metastore/schemas/dataset/items/:id', async (request, response) => {
    if (!(await shouldAnswer(faults, request, response))) return;
    const { id } = request.params;
    const release = releaseOf(file, id);
    if (!release) return refuse(response, 404, `Error retrieving metadata: dataset ${id} not found.`);
    const item = itemOf(release, request);
    // Express itself answers 304 when the client already has this ETag
    response.set('ETag', `"${release.identifier}"`).json(item);
  });
  router.get('/api/1/datastore/query/:id/:index', async (request, response) => {
    if (!(await shouldAnswer(faults, request, response))) return;
    const { id, index } = request.params;
    const release = index === '0' ? releaseOf(file, id) : undefined;
    if (!release || file === undefined)
      return void response
        .status(404)
        .json({ message: `No resource found for dataset ${id} at index ${index}` });
    const query = queryOf(request.query);
    if ('message' in query) return refuse(response, 400, query.message);
    response.json(await answerQuery(file, release.identifier, query));
  });
  return router;
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ message, status, timestamp: new Date().toISOString() });
}

interface Release {
  identifier: string;
  modified: string;
  fileName: string;
}

function releaseOf(file: string | undefined, id: string | undefined): Release | undefined {
  if (file === undefined || id !== dataset || !existsSync(file)) return undefined;
  const { mtimeMs, size } = statSync(file);
  const digest = createHash('sha256').update(`${mtimeMs} ${size}`).digest('hex');
  const identifier = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  const modified = `${new Date(mtimeMs).toISOString().slice(0, 19)}+00:00`;
  return { identifier, modified, fileName: `TBL_RCL_${Number.parseInt(digest.slice(-3), 16)}.csv` };
}

function itemOf({ identifier, modified, fileName }: Release, request: Request) {
  const file = {
    '@type': 'dcat:Distribution',
    title: 'Registration Completion List for 2016- Present',
    format: 'csv',
    mediaType: 'text/csv',
    downloadURL: `${request.protocol}://${request.host}/sites/default/files/uploaded_resources/${fileName}`,
  };
  const withIds = 'show-reference-ids' in request.query;
  return {
    '@type': 'dcat:Dataset',
    title: 'AB Registration Completion List',
    identifier: dataset,
    accessLevel: 'public',
    accrualPeriodicity: 'R/P10Y',
    issued: '2016-03-30T14:54:00+00:00',
    modified,
    distribution: [withIds ? { identifier, data: file } : file],
    '%modified': modified,
  };
}

/** Applies a fault. @returns true when the normal response is still to be sent */
async function shouldAnswer(faults: Faults, request: Request, response: Response): Promise<boolean> {
  const fault = faults.consume('catalog', dataset);
  if (!(await applyFault(fault, request))) return false;
  if (fault?.kind === 'refuse') {
    // truncated JSON, as if a proxy had cut it off
    response.type('application/json').send('{"results":[{"npn":"12');
    return false;
  }
  if (fault?.kind !== 'outage') return true;
  if (fault.retryAfterSeconds) response.set('Retry-After', String(fault.retryAfterSeconds));
  response.status(fault.retryAfterSeconds ? 429 : 503).json({ message: 'Try again later.' });
  return false;
}
