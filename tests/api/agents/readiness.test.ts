import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('an agent reads what keeps offers from reaching them, and ops read the same', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  await api.db
    .updateTable('agents')
    .set({ contactPreference: 'email', emailUndeliverableAt: new Date(), restingSince: new Date() })
    .where('npn', '=', npn)
    .execute();
  const { status, json } = await api.call('GET /v1/me/readiness', { cookie });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    isReady: false,
    channels: expect.arrayContaining([
      { channel: 'email', isChosen: true, works: false, because: 'mail-returned' },
      { channel: 'push', isChosen: false, works: false, because: 'app-not-installed' },
    ]),
    obstacles: ['resting'],
  });
  const ops = await logInAs(api, { role: 'ops' });
  const agent = await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie: ops });
  expect(agent.json['readiness']).toEqual(json);
});
