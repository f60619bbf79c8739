import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Decisions } from '../../../api/schemas/ops/decisions.ts';
import { activitiesOn, monday } from '../../harness/activity-harness.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { seedAgent, seedOffer } from '../../harness/people/fixtures.ts';
import { logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

const readDecisions = (id: string, query = '') =>
  api.call(`GET /v1/ops/referrals/${id}/decisions${query}`, { cookie });

test('ops read why an agent was chosen, and why another was not', async () => {
  const { npn: near } = await seedAgent(api.db);
  const { npn: away } = await seedAgent(api.db, { agent: { heldAt: monday } });
  const { referralId } = await seedOffer({ db: api.db, activities: activitiesOn(api.db) });
  const { request, items } = (await readDecisions(referralId)).json as unknown as Decisions;
  expect(request).toEqual({ state: 'TX', zip: '78701', language: 'en', interpreter: false });
  expect(items).toMatchObject([{ npn: near, rung: 'near', cause: null, asked: 0, agent: null }]);
  const of = async (npn: string) =>
    ((await readDecisions(referralId, `?npn=${npn}`)).json as unknown as Decisions).items[0]?.agent;
  expect(await of(near)).toEqual({ why: 'asked', rank: null });
  expect(await of(away)).toEqual({ why: 'held', rank: null });
  expect(await of(`00${away}`)).toEqual({ why: 'held', rank: null });
  const [latest] = items;
  expect(latest).toMatchObject({ considered: 2, explainedAt: expect.any(String) });
  const explained = async (at: string) => {
    const answer = await readDecisions(referralId, `?explain=${encodeURIComponent(at)}`);
    return (answer.json as unknown as Decisions).items.map(({ considered }) => considered);
  };
  expect(await explained(latest?.at ?? '')).toEqual([2]);
  expect(await explained('2026-01-01T00:00:00Z')).toEqual([null]);
  expect((await readDecisions(referralId, '?npn=99')).status).toBe(404);
  expect((await readDecisions(randomUUID())).status).toBe(404);
});
