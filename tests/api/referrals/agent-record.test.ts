import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let npn: string;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
});
afterAll(() => api.close());

const get = (path: string, as = cookie) => api.call(`GET /v1/me/${path}`, { cookie: as });
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** Adds a request from Salt Lake City whose search is over and asked this agent. */
async function searched(asked: string): Promise<string> {
  const { id } = await requestReferral(api);
  const limits = { nearMiles: 25, fartherMiles: 100, openOffersPerAgent: 1, uncontactedReferralsPerAgent: 3 };
  await api.db
    .insertInto('matchDecisions')
    .values({
      referralId: id,
      at: new Date(),
      npn: asked,
      rung: 'near',
      asked: 0,
      limits: JSON.stringify(limits),
      policyVersion: '-',
    })
    .execute();
  await api.db.updateTable('referrals').set({ stage: 'accepted' }).where('id', '=', id).execute();
  return id;
}

test('the history has an agent’s own offers page by page and no other agent’s, and nothing of who a consumer is', async () => {
  const other = await addAgent(api.db, { registered: true, stage: 'active' });
  for (let index = 0; index < 51; index += 1) {
    const { id: referralId } = await requestReferral(api);
    await addOffer(api.db, { referralId, npn, endedAs: 'expired', offeredAt: minutesAgo(60 + index) });
  }
  const { id: referralId } = await requestReferral(api);
  const offerId = await addOffer(api.db, { referralId, npn, acceptedAt: new Date() });
  const first = await get('offers/history');
  const offers = first.json['offers'] as Record<string, unknown>[];
  expect([first.status, offers.length]).toEqual([200, 50]);
  expect(offers[0]).toEqual({
    id: offerId,
    offeredAt: expect.any(String),
    zip: '84101',
    city: 'Salt Lake City',
    state: 'UT',
    language: 'en',
    need: 'new-coverage',
    coverageYear: 2027,
    became: 'accepted',
    acceptedAt: expect.any(String),
    contactedAt: null,
    attempts: 0,
    endedAt: null,
    outcome: null,
    reason: null,
  });
  const second = await get(`offers/history?page=${first.json['nextPage'] as string}`);
  expect([(second.json['offers'] as unknown[]).length, second.json['nextPage']]).toEqual([2, null]);
  expect(first.text + second.text).not.toMatch(/Reyes|\+1801|\(801\)|@example/);
  const accepted = await get(
    'offers/history?became=accepted&state=UT&place=salt&language=en&need=new-coverage',
  );
  expect(accepted.json['offers']).toHaveLength(1);
  const theirs = await get('offers/history', await logInAs(api, { npn: other }));
  expect(theirs.json).toEqual({ offers: [], nextPage: null });
});

test('a filter that is none of the lists, and a page that is none, are refused together', async () => {
  const refused = await get('offers/history?became=lost&state=Utah&language=xx&need=medicare');
  expect(codesOf(refused)).toEqual({
    '?became': expect.any(String),
    '?state': expect.any(String),
    '?language': expect.any(String),
    '?need': expect.any(String),
  });
  expect((await get('offers/history?page=abc')).status).toBe(422);
});

test('an agent’s figures stand beside the medians of the state, which are null where too few agents contribute', async () => {
  const figures = { answeredShare: 0.5, acceptedShare: 0.25, answerSeconds: 90, enrolledShare: null };
  await api.db
    .insertInto('agentMedians')
    .values({ state: 'UT', agents: 12, offers: 3, ...figures, countedAt: new Date() })
    .execute();
  const { json } = await get('figures');
  expect(json).toMatchObject({
    contactWithinSeconds: 3600,
    states: [
      {
        state: 'UT',
        own: { offers: 52 },
        medians: { agents: 12, offers: 3, ...figures, contactedInTimeShare: null },
      },
    ],
    became: [
      { became: 'expired', offers: 51 },
      { became: 'accepted', offers: 1 },
    ],
  });
});

test('an agent is told why requests in their states went to others, and nothing of whose requests they were', async () => {
  const asked = await addAgent(api.db, { registered: true, stage: 'active' });
  const mine = await addAgent(api.db, { registered: true, stage: 'active' });
  await searched(asked);
  const answer = await get('unoffered-referrals', await logInAs(api, { npn: mine }));
  expect(answer.json).toMatchObject({
    timeZone: 'America/New_York',
    states: ['UT'],
    days: [{ requests: expect.any(Number), offered: 0 }],
  });
  const [latest] = answer.json['latest'] as Record<string, unknown>[];
  // they serve no state, since no review has run
  expect(latest).toEqual({
    hour: expect.stringMatching(/T\d\d:00:00\.000Z$/),
    state: 'UT',
    language: 'en',
    need: 'new-coverage',
    reason: 'not-serving',
    asked: 0,
  });
  expect(answer.text).not.toMatch(/Reyes|84101|Salt Lake/);
});
