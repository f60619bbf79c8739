import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const read = (path: string) => api.call(`GET /v1/places/${path}`);
const served = (state: string) => ({ state, refusal: null, marketplace: null });

test('a ZIP tells its city and its state; anybody reads it, and caches may keep it', async () => {
  const { status, json, headers } = await read('85004?coverageYear=2027');
  expect([status, json]).toEqual([
    200,
    { zip: '85004', coverageYear: 2027, city: 'Phoenix', stateNeeded: false, states: [served('AZ')] },
  ]);
  expect(headers.get('Cache-Control')).toBe('public, max-age=300');
  expect(headers.getSetCookie()).toEqual([]);
});

test('a state with its own marketplace is said with the marketplace', async () => {
  const { json } = await read('94103?coverageYear=2027');
  expect(json).toMatchObject({
    city: 'San Francisco',
    stateNeeded: false,
    states: [
      {
        state: 'CA',
        refusal: 'state-marketplace',
        marketplace: {
          name: 'Covered California',
          url: 'https://www.coveredca.com',
          phone: '1-800-300-1506',
        },
      },
    ],
  });
});

test('a ZIP in two states needs the state, and so does one that we do not know', async () => {
  expect((await read('88063?coverageYear=2027')).json).toMatchObject({
    stateNeeded: true,
    states: expect.arrayContaining([served('TX'), expect.objectContaining({ state: 'NM' })]),
  });
  expect((await read('85288?coverageYear=2027')).json).toMatchObject({
    city: null,
    stateNeeded: true,
    states: [served('AZ')],
  });
});

test.each([
  ['00901', 'territory'],
  ['09012', 'military'],
])('%s is told that we take no requests from there: %s', async (zip, refusal) => {
  const { json } = await read(`${zip}?coverageYear=2027`);
  expect(json['states']).toEqual([expect.objectContaining({ refusal, marketplace: null })]);
});

test('a ZIP that does not exist has no states; a year without marketplaces is said', async () => {
  expect((await read('00000')).json).toMatchObject({ city: null, stateNeeded: false, states: [] });
  expect((await read('85004?coverageYear=2099')).json).toMatchObject({
    coverageYear: 2099,
    states: [{ state: 'AZ', refusal: 'unknown-coverage-year' }],
  });
});

test('without a year it is the one that most people ask about now', async () => {
  const november = await openApiHarness({ now: () => new Date('2026-11-01T12:00:00Z') });
  const october = await openApiHarness({ now: () => new Date('2026-10-31T12:00:00Z') });
  try {
    const years = [november, october].map(async (harness) => {
      const { json } = await harness.call('GET /v1/places/85004');
      return json['coverageYear'];
    });
    expect(await Promise.all(years)).toEqual([2027, 2026]);
  } finally {
    await Promise.all([november.close(), october.close()]);
  }
});

test.each(['8500', '85004-1234', 'abcde'])('“%s” is no ZIP', async (zip) => {
  expect((await read(zip)).status).toBeGreaterThanOrEqual(400);
});
