import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDataCatalog } from '../../../activities/feeds/registries/data-catalog.ts';
import { createMailbox, type Mailbox } from '../../../standalone/fakes/mailbox/mailbox.ts';

const dataset = 'wb6u-x2ny';

/** Starts a catalog that gives every query the same answer. */
let server: Server;
let answer: object;
let asked: URL[];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://catalog'));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => void server.close());

async function pageOf(given: object) {
  [answer, asked] = [given, []];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return createDataCatalog({ url, dataset }).page({ offset: 500, limit: 500 });
}

const field = (description: string, type = 'text') => ({ type, mysql_type: type, description });
const columns = {
  npn: field('NPN'),
  applicable_plan_year: field('Applicable Plan Year'),
  individual_registration_completion_date: field('Individual Registration Completion Date'),
  individual_marketplace_end_date: field('Individual Marketplace End Date'),
  shop_registration_completion_date: field('Shop Registration Completion Date'),
  shop_end_date: field('Shop End Date'),
  npn_valid_current_plan_year_only: field('NPN Valid (Current Plan Year Only)'),
};
const id = '0e1c1a6e-0000-5000-8000-000000000001';

describe('a page of a datastore', () => {
  test('is read by the machine names of its columns, in the order of the rows', async () => {
    const row = {
      npn: '1001',
      applicable_plan_year: '2027',
      individual_registration_completion_date: '09/04/2026',
      individual_marketplace_end_date: '12/31/2027',
      shop_registration_completion_date: '',
      shop_end_date: '',
      npn_valid_current_plan_year_only: '-',
    };
    const page = await pageOf({
      results: [row],
      count: 100,
      schema: { [id]: { fields: columns } },
      query: { limit: 500 },
    });
    expect(page).toEqual({ headers: Object.keys(columns), rows: [Object.values(row)], count: 100 });
    expect(asked.map(({ pathname }) => pathname)).toEqual([`/api/1/datastore/query/${dataset}/0`]);
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      offset: '500',
      limit: '500',
      count: 'true',
      schema: 'true',
      keys: 'true',
      'sorts[0][property]': 'record_number',
      'sorts[0][order]': 'asc',
    });
  });

  test('with a data dictionary has other titles, ISO 8601 dates, null for missing values, and numbers', async () => {
    const row = {
      record_number: 501,
      npn: 1001,
      applicable_plan_year: 2027,
      individual_registration_completion_date: '2026-09-04',
      individual_marketplace_end_date: '2027-12-31',
      shop_registration_completion_date: null,
      npn_valid_current_plan_year_only: true,
    };
    const fields = {
      record_number: { type: 'serial' },
      ...columns,
      individual_marketplace_end_date: field('Individual Market Registration End Date', 'date'),
    };
    expect(await pageOf({ results: [row], count: '989979', schema: { [id]: { fields } } })).toEqual({
      headers: Object.keys(columns),
      rows: [['1001', '2027', '2026-09-04', '2027-12-31', '', '', 'true']],
      count: 989_979,
    });
  });

  test.each([
    ['rows without names', { results: [['1001']], count: 1, schema: { [id]: { fields: columns } } }],
    ['no count', { results: [], schema: { [id]: { fields: columns } } }],
    ['a count that is no number', { results: [], count: 'many', schema: { [id]: { fields: columns } } }],
    ['no columns', { results: [], count: 0 }],
    ['a message', { message: 'Error retrieving datastore', status: 404 }],
  ])('with %s is an outage', async (_, given) => {
    await expect(pageOf(given)).rejects.toThrow('registry: unreadable');
  });
});

test('a catalog that redirects is an outage: a list comes from the host of the settings, or not at all', async () => {
  let requests = 0;
  const redirecting = createServer((request, response) => {
    requests += 1;
    response.writeHead(302, { location: `http://${request.headers.host}/elsewhere` }).end();
  });
  await new Promise<void>((listening) => redirecting.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
  await expect(createDataCatalog({ url, dataset }).page({ offset: 0, limit: 1 })).rejects.toMatchObject({
    name: 'RegistryOutage',
  });
  expect(requests).toBe(1);
  redirecting.close();
});

describe('the fake catalog refuses and spells as DKAN does', () => {
  let mailbox: Mailbox;
  let address: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'catalog-'));
    const completionList = join(folder, 'list.csv');
    const header = Object.values(columns).map(({ description }) => description);
    writeFileSync(completionList, `${[...header, 'NPN', 'A/B #'].join()}\n1001,2027,09/04/2026,,,,-,2,3\n`);
    mailbox = createMailbox({ stepMs: 300, maxMessages: 100, twilioAuthToken: 'unused', completionList });
    address = await mailbox.listen(0);
  });
  afterAll(async () => {
    await mailbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = async (path: string) => {
    const response = await fetch(`${address}/api/1/${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const failed = (status: number, message: string) => ({
    status,
    body: { message, status, timestamp: expect.any(String) },
  });

  test('a dataset that it does not have', async () => {
    expect(await get('metastore/schemas/dataset/items/nope-nope')).toEqual(
      failed(404, 'Error retrieving metadata: dataset nope-nope not found.'),
    );
    expect(await get('datastore/query/nope-nope/0')).toEqual({
      status: 404,
      body: { message: 'No resource found for dataset nope-nope at index 0' },
    });
    expect((await get(`datastore/query/${dataset}/1`)).status).toBe(404);
  });

  test.each(['limit=501', 'limit=0', 'limit=-1', 'limit=many', 'offset=-1', 'count=perhaps'])(
    'a query with %s',
    async (query) => {
      expect(await get(`datastore/query/${dataset}/0?${query}`)).toEqual(
        failed(400, 'JSON Schema validation failed.'),
      );
    },
  );

  test('a sort by a column that is not there, or in no direction', async () => {
    const sorted = (property: string, order: string) =>
      get(`datastore/query/${dataset}/0?sorts[0][property]=${property}&sorts[0][order]=${order}`);
    expect(await sorted('agency', 'asc')).toEqual(failed(400, 'Column not found.'));
    expect(await sorted('record_number', 'up')).toEqual(failed(400, 'Invalid sort.'));
    expect((await sorted('record_number', 'asc')).status).toBe(200);
  });

  test('names its columns for machines, and its distributions only on request', async () => {
    const { body } = await get(`datastore/query/${dataset}/0?limit=1`);
    const names = [...Object.keys(columns), 'npn_2', 'ab'];
    expect(body).toMatchObject({
      count: 1,
      results: [{ npn: '1001', npn_2: '2', ab: '3' }],
      query: { properties: names },
    });
    expect((await get(`datastore/query/${dataset}/0?keys=false&schema=false&count=false`)).body).toEqual({
      results: [['1001', '2027', '09/04/2026', '', '', '', '-', '2', '3']],
      query: expect.any(Object),
    });
    const item = `metastore/schemas/dataset/items/${dataset}`;
    expect((await get(item)).body['distribution']).toEqual([
      expect.not.objectContaining({ identifier: expect.anything() }),
    ]);
    expect((await get(`${item}?show-reference-ids`)).body['distribution']).toEqual([
      { identifier: expect.any(String), data: expect.objectContaining({ format: 'csv' }) },
    ]);
  });
});
