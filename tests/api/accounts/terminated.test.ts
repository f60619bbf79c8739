import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { access, openToTerminated, type RouteKey } from '../../../api/access.ts';
import { linkToken } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { listenTo } from '../../harness/event-stream.ts';
import { seedTermination } from '../../harness/people/evidence-fixtures.ts';
import {
  addAgent,
  addOffer,
  hour,
  logInAgain,
  logInAs,
  requestReferral,
} from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

/** An active agent who is logged in. */
async function agent() {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  return { npn, cookie: await logInAs(api, { npn }) };
}

const terminate = (npn: string, status = 'T3', datedOn = '2026-11-02') =>
  seedTermination(api.db, { npn, status, datedOn });
const offersOf = (cookie: string) => api.call('GET /v1/me/offers', { cookie });

test('terminated for cause, an open session may only read why from its next request on, and its stream ends', async () => {
  const { npn, cookie } = await agent();
  const stream = await listenTo(`${api.url}/v1/me/events`, { Cookie: cookie });
  expect((await stream.next()).event).toBe('current');
  expect((await offersOf(cookie)).status).toBe(200);
  await terminate(npn);
  const refused = await offersOf(cookie);
  expect([refused.status, problemNameOf(refused)]).toEqual([403, 'terminated']);
  expect(await stream.untilEnd()).toEqual([]);
  expect((await api.call('GET /v1/me/events', { cookie })).status).toBe(403);
  expect((await api.call('GET /v1/session', { cookie })).json).toMatchObject({ npn, terminated: true });
  const onboarding = await api.call('GET /v1/me/onboarding', { cookie });
  expect(onboarding.status).toBe(200);
  expect(onboarding.json['conditions']).toContainEqual(
    expect.objectContaining({ name: 'not-terminated', met: false, evidence: 'T3 2026-11-02' }),
  );
  expect((await api.call('DELETE /v1/session', { cookie })).status).toBe(204);
});

const bySession = (Object.keys(access) as RouteKey[]).filter((key) =>
  ['agent', 'account', 'visitor'].includes(access[key]),
);

test('a log-in after a termination for cause gives a session for two routes, and every other is refused', async () => {
  const { npn } = await agent();
  await terminate(npn, 'T4');
  const cookie = await logInAgain(api, npn);
  const answered: string[] = [];
  for (const key of bySession) {
    const path = key.replace(':id', 'x').replace(':kind', 'terms-of-use').replace(':value', 'x');
    const hasBody = /^(POST|PUT|PATCH)/.test(key);
    const answer = await api.call(path, { cookie, ...(hasBody ? { body: { unknown: true } } : {}) });
    if (problemNameOf(answer) !== 'terminated') answered.push(key);
  }
  expect(bySession.length).toBeGreaterThan(30);
  expect(answered).toEqual(['GET /v1/session', 'GET /v1/me/onboarding']);
  expect(answered).toEqual([...openToTerminated]);
});

test('the link of an offer opens nothing for an agent who is terminated for cause', async () => {
  const { npn } = await agent();
  const { id: referralId } = await requestReferral(api);
  const offerId = await addOffer(api.db, { referralId, npn });
  const bearer = linkToken(api.linkSecret, 'offer', offerId);
  expect((await api.call(`GET /v1/offer-links/${offerId}`, { bearer })).status).toBe(200);
  await terminate(npn);
  const refused = await api.call(`GET /v1/offer-links/${offerId}`, { bearer });
  expect([refused.status, problemNameOf(refused)]).toEqual([403, 'terminated']);
});

test('neither the link about their hours nor that of a test offer does', async () => {
  const { npn } = await agent();
  const [restId, testOfferId, at] = [randomUUID(), randomUUID(), new Date()];
  await api.db.insertInto('rests').values({ id: restId, npn, beganAt: at, unseenOffers: 3 }).execute();
  await api.db
    .insertInto('testOffers')
    .values({ id: testOfferId, npn, shortCode: '7306', createdAt: at, expiresAt: new Date(+at + hour) })
    .execute();
  const hours = linkToken(api.linkSecret, 'rest', restId);
  const tested = linkToken(api.linkSecret, 'test-offer', `${testOfferId}:email`);
  const calls = [
    () => api.call(`GET /v1/hours-links/${restId}`, { bearer: hours }),
    () => api.call(`POST /v1/hours-links/${restId}/confirmation`, { bearer: hours, body: {} }),
    () => api.call(`POST /v1/test-offer-links/${testOfferId}/confirmation`, { bearer: tested, body: {} }),
  ];
  await terminate(npn);
  for (const call of calls) {
    const refused = await call();
    expect([refused.status, problemNameOf(refused)]).toEqual([403, 'terminated']);
  }
  await terminate(npn, 'R3', '2026-11-10');
  for (const call of calls) expect((await call()).status).toBe(200);
});

test.each(['T1', 'T2'])('%s, an expired license, leaves everything open', async (status) => {
  const { npn, cookie } = await agent();
  await terminate(npn, status);
  expect((await offersOf(cookie)).status).toBe(200);
  expect((await api.call('GET /v1/session', { cookie })).json['terminated']).toBe(false);
});

test('once reinstated, the same session may do everything again', async () => {
  const { npn, cookie } = await agent();
  await terminate(npn, 'T3');
  expect((await offersOf(cookie)).status).toBe(403);
  await terminate(npn, 'R3', '2026-11-10');
  expect((await offersOf(cookie)).status).toBe(200);
});

test('a refusal is on record once, with the route', async () => {
  const { npn, cookie } = await agent();
  const { json } = await api.call('GET /v1/session', { cookie });
  await terminate(npn);
  for (let times = 0; times < 3; times += 1) await offersOf(cookie);
  const rows = await api.db
    .selectFrom('securityEvents')
    .select(['kind', 'detail'])
    .where('accountId', '=', json['accountId'] as string)
    .where('kind', '=', 'access-refused')
    .execute();
  expect(rows).toEqual([{ kind: 'access-refused', detail: 'GET /v1/me/offers' }]);
});
