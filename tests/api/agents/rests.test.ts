import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LinkKind, linkToken } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
let npn: string;
let cookie: string;
let restId: string;
const beganAt = new Date('2026-11-23T17:00:00Z');
beforeAll(async () => {
  api = await openApiHarness();
});
beforeEach(async () => {
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
  restId = randomUUID();
  await api.db.insertInto('rests').values({ id: restId, npn, beganAt, unseenOffers: 3 }).execute();
  await api.db.updateTable('agents').set({ restingSince: beganAt }).where('npn', '=', npn).execute();
});
afterAll(() => api.close());

const resting = { since: beganAt.toISOString(), unseenOffers: 3 };
const view = async () => (await api.call('GET /v1/me/availability', { cookie })).json['resting'];
const ask = (id: string, kind: LinkKind = 'rest') =>
  api.call(`GET /v1/hours-links/${id}`, { bearer: linkToken(api.linkSecret, kind, id) });
const confirm = (id: string) =>
  api.call(`POST /v1/hours-links/${id}/confirmation`, {
    bearer: linkToken(api.linkSecret, 'rest', id),
    body: {},
  });

test('an agent who rests reads why, and says once logged in that the hours hold', async () => {
  expect(await view()).toEqual(resting);
  for (const _time of [1, 2])
    expect(await api.call('POST /v1/me/availability/confirmation', { cookie, body: {} })).toMatchObject({
      status: 200,
      json: { resting: null },
    });
  expect(await view()).toBeNull();
});

test('the link in the mail shows the question, and answers it only with the button', async () => {
  for (const _time of [1, 2])
    expect(await ask(restId)).toMatchObject({
      status: 200,
      json: { ...resting, endedAt: null },
    });
  expect(await view()).toEqual(resting);
  const first = await confirm(restId);
  expect(first).toMatchObject({ status: 200, json: { endedAt: expect.any(String) } });
  expect((await confirm(restId)).json).toEqual(first.json);
  expect(await view()).toBeNull();
});

test('an old link does not end a later rest, and a link of another kind opens nothing', async () => {
  await confirm(restId);
  const later = randomUUID();
  await api.db.insertInto('rests').values({ id: later, npn, beganAt, unseenOffers: 3 }).execute();
  await api.db.updateTable('agents').set({ restingSince: beganAt }).where('npn', '=', npn).execute();
  await confirm(restId);
  expect(await view()).toEqual(resting);
  expect((await ask(later, 'offer')).status).toBe(404);
});

test('ops read of an agent since when and why they rest', async () => {
  const ops = await logInAs(api, { role: 'ops' });
  const agent = await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie: ops });
  expect(agent).toMatchObject({ status: 200, json: { resting } });
});
