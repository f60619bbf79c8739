import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const header =
  'NPN,Status,Marketplaces,Effective Plan Year,Registration Completion Date,Termination or Suspension Date';
const put = (body: string, headers: Record<string, string> = { 'Content-Type': 'text/csv' }) =>
  api.call('PUT /v1/feeds/terminations', { body, bearer: api.feedsKey, headers });

test('a feed is imported; the answer has its changes and its bad rows', async () => {
  const file = [header, '17593264,T1,BOTH,2027,10/01/2026,11/02/2026', 'x,T1,BOTH,2027,,11/02/2026', ''].join(
    '\n',
  );
  const answer = await put(file);
  expect(answer.json).toMatchObject({ added: 1, changed: 0, removed: 0, unchanged: 0, bad: 1 });
  expect(answer.json['badRows']).toEqual([{ line: 3, reason: expect.stringContaining('NPN') }]);
  expect((await put(file)).json).toMatchObject({ added: 0, unchanged: 1 });
});

test('a file of another format is refused as a whole', async () => {
  const answer = await put('a,b,c\n1,2,3\n');
  expect([answer.status, problemNameOf(answer)]).toEqual([422, 'feed-header-differs']);
});

test('a file that is refused early gets its answer, however long it is', async () => {
  const answer = await put(`a,b,c\n${'1,2,3\n'.repeat(500_000)}`);
  expect([answer.status, problemNameOf(answer)]).toEqual([422, 'feed-header-differs']);
});

test('a feed is CSV', async () => {
  expect((await put('{}', { 'Content-Type': 'application/json' })).status).toBe(415);
});

test('an unknown feed is not found', async () => {
  const answer = await api.call('PUT /v1/feeds/appointments', {
    body: 'x',
    bearer: api.feedsKey,
    headers: { 'Content-Type': 'text/csv' },
  });
  expect(answer.status).toBe(404);
});
