import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const read = (query = '') => api.call(`GET /v1/waiting-times${query}`);

test('before anything is counted, nothing is said of times and shares, but how agents are asked', async () => {
  const { status, json } = await read('?state=UT&language=es');
  expect([status, json]).toEqual([
    200,
    { found: null, unmatched: null, agentsAtOnce: 1, contactWithinSeconds: 3600 },
  ]);
});

test('anybody reads them, and caches may keep them; the state of the group asked for is said', async () => {
  const counted = { requests: 20, medianMinutes: 3, ninetiethMinutes: 9, unmatchedShare: 0.0149 };
  await api.db
    .insertInto('waitingTimes')
    .values([
      { period: 'month', ...counted },
      { period: 'month', state: 'UT', language: 'es', ...counted, unmatchedShare: 0.4 },
      { period: 'this-hour', state: 'UT', ...counted, medianMinutes: 1 },
    ])
    .execute();
  await api.db.updateTable('waitingTimeCounts').set({ countedAt: new Date() }).execute();

  const answer = await read('?state=UT&language=es');
  expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300');
  expect(answer.headers.getSetCookie()).toEqual([]);
  const month = { state: 'UT', language: 'es', period: 'month' };
  expect(answer.json).toMatchObject({
    found: { ...month, medianMinutes: 3, ninetiethMinutes: 9 },
    unmatched: { ...month, share: 0.4 },
  });
  expect((await read('?state=UT&language=vi')).json['found']).toMatchObject({
    state: 'UT',
    language: null,
    period: 'this-hour',
    medianMinutes: 1,
  });
  for (const query of ['', '?state=TX', '?language=es'])
    expect((await read(query)).json).toMatchObject({
      found: { state: null, language: null },
      unmatched: { state: null, share: 0.01 },
    });
});

test('an unknown language and a state that is no code are refused', async () => {
  const { status, ...answer } = await read('?state=Utah&language=xx');
  expect([status, codesOf(answer as Awaited<ReturnType<typeof read>>)]).toEqual([
    422,
    expect.objectContaining({ '?state': expect.any(String), '?language': expect.any(String) }),
  ]);
});
