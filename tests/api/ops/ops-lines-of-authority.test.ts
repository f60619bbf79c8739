import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('ops, and nobody else, see the lines of authority that are not classified yet', async () => {
  const license = { lineOfAuthority: 'Sickness Insurance' };
  await seedEvidence(api.db, { npn: '832001', planYear: 2027, states: ['TX'], license });
  const key = 'GET /v1/ops/lines-of-authority';
  expect((await api.call(key)).status).toBe(401);
  const cookie = await logInAs(api, { role: 'ops' });
  expect((await api.call(key, { cookie })).json).toEqual({
    unknown: [{ state: 'TX', name: 'sickness insurance', licenses: 1, agents: 1 }],
  });
});
