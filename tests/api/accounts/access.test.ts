import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { access, checkAccess, type RouteKey } from '../../../api/access.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('the service does not start with a row in the access table and no route for it', () => {
  const all = Object.keys(access) as RouteKey[];
  expect(() => checkAccess(all)).not.toThrow();
  expect(() => checkAccess(all.slice(1))).toThrow('GET /health/live is in the access table and has no route');
  expect(() => checkAccess([...all, 'POST /v1/referrals'])).toThrow('POST /v1/referrals has two routes');
});

test('an unknown address is not found; a known one lists the methods it takes', async () => {
  expect(problemNameOf(await api.call('GET /v1/nothing'))).toBe('not-found');
  const answer = await api.call('PUT /v1/session', { body: {} });
  expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST, GET, DELETE']);
});
