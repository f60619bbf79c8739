import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

/** Adds an agent who declined nine requests in English from Salt Lake City. */
async function declining() {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  for (let count = 0; count < 9; count += 1) {
    const { id: referralId } = await requestReferral(api);
    const offerId = await addOffer(api.db, { referralId, npn, endedAs: 'declined' });
    await api.db.updateTable('offers').set({ reason: 'not-my-area' }).where('id', '=', offerId).execute();
  }
  return { npn, cookie: await logInAs(api, { npn }) };
}

const area = { kind: 'area', value: '841' };
const english = { kind: 'language', value: 'en' };

test('an agent skips what they declined nine times with one request, and takes it back with another; ops see it', async () => {
  const { npn, cookie } = await declining();
  const before = await api.call('GET /v1/me/suggestions', { cookie });
  expect(before.json).toEqual({
    suggestions: [
      { ...english, declined: 9 },
      { ...area, declined: 9 },
    ],
    skips: [],
  });
  const begun = await api.call('PUT /v1/me/skips/area/841', { cookie });
  expect([begun.status, begun.json]).toEqual([
    200,
    { suggestions: [{ ...english, declined: 9 }], skips: [{ ...area, since: expect.any(String) }] },
  ]);
  const ops = await logInAs(api, { role: 'ops' });
  const seen = await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie: ops });
  expect(seen.json).toMatchObject({
    skips: [area],
    onboardings: [{ events: [{ text: 'The agent skips requests from ZIP codes that begin with 841' }] }],
  });
  const ended = await api.call('DELETE /v1/me/skips/area/841', { cookie });
  expect(ended.json).toEqual({ suggestions: [{ ...english, declined: 9 }], skips: [] });
});

test('nothing else can be skipped: another area, another language, or anything that is neither', async () => {
  const { cookie } = await declining();
  const put = (path: string) => api.call(`PUT /v1/me/skips/${path}`, { cookie });
  for (const path of ['area/606', 'language/fa']) {
    const refused = await put(path);
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'not-allowed-now']);
  }
  for (const path of ['need/renew', 'area/84101', 'language/EN']) expect((await put(path)).status).toBe(404);
  expect((await api.call('DELETE /v1/me/skips/area/606', { cookie })).status).toBe(200);
  expect((await api.call('GET /v1/me/suggestions', { cookie })).json['skips']).toEqual([]);
});
