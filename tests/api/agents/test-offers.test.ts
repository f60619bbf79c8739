import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testOfferByCode } from '../../../store/agents/test-offers.ts';
import { linkToken } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let api: ApiHarness;
let npn: string;
let cookie: string;
const phone = '+15125550177';
beforeAll(async () => {
  api = await openApiHarness();
});
beforeEach(async () => {
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
  const reachable = { phone, contactPreference: 'email-text', phoneConfirmedAt: new Date() };
  await api.db.updateTable('agents').set(reachable).where('npn', '=', npn).execute();
});
afterAll(() => api.close());

interface View {
  items: { id: string; channels: { channel: string; status: string; answeredAt: string | null }[] }[];
}
const send = () => api.call('POST /v1/me/test-offers', { cookie, body: {} });
const latest = async () =>
  ((await api.call('GET /v1/me/test-offers', { cookie })).json as unknown as View).items[0];
const press = (id: string, channel: string) =>
  api.call(`POST /v1/test-offer-links/${id}/confirmation`, {
    bearer: linkToken(api.linkSecret, 'test-offer', `${id}:${channel}`),
    body: {},
  });

test('a test offer goes over every chosen channel, as no offer and no load', async () => {
  expect(await send()).toMatchObject({ status: 201 });
  expect((await latest())?.channels).toMatchObject([
    { channel: 'email', status: 'pending', answeredAt: null },
    { channel: 'text', status: 'pending', answeredAt: null },
  ]);
  const messages = await api.db
    .selectFrom('outbox')
    .select('payload')
    .where('type', '=', 'send-notice')
    .execute();
  expect(messages.map(({ payload }) => payload)).toContainEqual(
    expect.objectContaining({ kind: 'test-offer', channels: ['email', 'text'] }),
  );
  expect(await api.db.selectFrom('offers').select('id').where('npn', '=', npn).execute()).toEqual([]);
});

test('the button behind its link answers for the channel of the link, once; a link of another test opens nothing', async () => {
  await send();
  const { id = '' } = (await latest()) ?? {};
  for (const _time of [1, 2])
    expect(await press(id, 'email')).toMatchObject({
      status: 200,
      json: { channel: 'email', answeredAt: expect.any(String) },
    });
  expect((await latest())?.channels).toMatchObject([
    { channel: 'email', answeredAt: expect.any(String) },
    { channel: 'text', answeredAt: null },
  ]);
  expect((await press(randomUUID(), 'email')).status).toBe(404);
  const bearer = linkToken(api.linkSecret, 'offer', id);
  expect((await api.call(`POST /v1/test-offer-links/${id}/confirmation`, { bearer, body: {} })).status).toBe(
    404,
  );
});

test('an answer by link after the end of the test does not count; one in time still stands', async () => {
  await send();
  const { id = '' } = (await latest()) ?? {};
  await press(id, 'email');
  await asOwner(api, `update test_offers set expires_at = now() where id = '${id}'`);
  expect((await press(id, 'email')).json).toEqual({ channel: 'email', answeredAt: expect.any(String) });
  expect(await press(id, 'text')).toMatchObject({ status: 200, json: { channel: 'text', answeredAt: null } });
  expect((await latest())?.channels[1]).toMatchObject({ channel: 'text', answeredAt: null });
});

test('its code is that of this test at this phone, while it runs', async () => {
  await send();
  const { shortCode: code, expiresAt } = await api.db
    .selectFrom('testOffers')
    .select(['shortCode', 'expiresAt'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const { id } = (await latest()) ?? {};
  expect(await testOfferByCode(api.db, { phone, code, at: expiresAt })).toBeUndefined();
  expect(await testOfferByCode(api.db, { phone, code: '0000', at: new Date() })).toBeUndefined();
  expect(await testOfferByCode(api.db, { phone, code, at: new Date() })).toEqual({ id, npn });
});

test('an agent sends three tests an hour', async () => {
  const statuses = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await send()).status);
  expect(statuses).toEqual([201, 201, 201, 429]);
});
