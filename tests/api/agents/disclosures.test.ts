import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { OffersOnRecord } from '../../../api/schemas/ops/ops-offers.ts';
import { readTimeoutFacts } from '../../../store/referrals/offers/offers.ts';
import { linkToken } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

/** The API's clock. An offer of these tests starts at the real present. */
let now = new Date();
const after = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
  return now.toISOString();
};

let api: ApiHarness;
let ops: string;
let npn: string;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness({ now: () => now });
  ops = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());
beforeEach(async () => {
  now = new Date();
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
});

async function offered(about: Partial<Parameters<typeof addOffer>[1]> = {}) {
  const { id: referralId } = await requestReferral(api);
  return { referralId, offerId: await addOffer(api.db, { referralId, npn, ...about }) };
}

/** Each disclosure as ops read it: what was shown, in the portal or by link, from when to when. */
async function onRecord(referralId: string) {
  const { json } = await api.call(`GET /v1/ops/referrals/${referralId}/offers`, { cookie: ops });
  return (json as unknown as OffersOnRecord).items.map(({ disclosures }) =>
    disclosures.map(({ shown, through, firstAt, lastAt }) => [shown, through, firstAt, lastAt]),
  );
}

const inbox = () => api.call('GET /v1/me/offers', { cookie });
const referrals = () => api.call('GET /v1/me/referrals', { cookie });
const wasDelivered = async (offerId: string) =>
  (await readTimeoutFacts(api.db, { offerId, at: now })).wasDelivered;
const byLink = (id: string) =>
  api.call(`GET /v1/offer-links/${id}`, { bearer: linkToken(api.linkSecret, 'offer', id) });

describe('what an agent was shown is on record for ops', () => {
  test('an inbox that stays open is one disclosure; opened again later it is another', async () => {
    const { referralId } = await offered({ expiresAt: new Date(Date.now() + 10 * 60 * 60_000) });
    const first = now.toISOString();
    await inbox();
    for (let minute = 1; minute <= 12; minute += 1) {
      after(1);
      await Promise.all([inbox(), inbox()]);
    }
    const last = now.toISOString();
    const second = after(11);
    await inbox();
    expect(await onRecord(referralId)).toEqual([
      [
        ['offer', 'portal', first, last],
        ['offer', 'portal', second, second],
      ],
    ]);
  });

  test('within a minute nothing is written again, however often a page reads', async () => {
    const { referralId } = await offered();
    const first = now.toISOString();
    await inbox();
    after(0.5);
    await inbox();
    expect(await onRecord(referralId)).toEqual([[['offer', 'portal', first, first]]]);
  });

  test('a view by the link in a message is recorded separately, and shows no contact', async () => {
    const { referralId, offerId } = await offered();
    const at = now.toISOString();
    expect((await byLink(offerId)).status).toBe(200);
    expect(await onRecord(referralId)).toEqual([[['offer', 'link', at, at]]]);
  });

  test('the answer to an acceptance and the list of referrals show a contact', async () => {
    const { referralId, offerId } = await offered({ acceptedAt: new Date() });
    const first = now.toISOString();
    expect(await api.call(`POST /v1/offers/${offerId}/acceptance`, { cookie, body: {} })).toMatchObject({
      status: 200,
      json: { consumer: { name: 'Ana Reyes' } },
    });
    expect(await onRecord(referralId)).toEqual([[['contact', 'portal', first, first]]]);
    const last = after(5);
    await referrals();
    expect(await onRecord(referralId)).toEqual([[['contact', 'portal', first, last]]]);
  });

  test('a list whose contacts are no longer shown says so', async () => {
    const { referralId } = await offered({ acceptedAt: new Date(), endedAs: 'withdrawn' });
    const at = now.toISOString();
    await referrals();
    expect(await onRecord(referralId)).toEqual([[['offer', 'portal', at, at]]]);
  });

  test('referrals on a later page were not shown', async () => {
    const oldest = await offered({ acceptedAt: new Date(Date.now() - 60_000) });
    for (let number = 2; number <= 51; number += 1)
      await addOffer(api.db, {
        referralId: oldest.referralId,
        npn,
        number,
        acceptedAt: new Date(),
        endedAs: 'silent',
      });
    const { json } = await referrals();
    expect(json['referrals']).toHaveLength(50);
    const [ofOldest, ...others] = await onRecord(oldest.referralId);
    expect(ofOldest).toEqual([]);
    expect(others.every((sittings) => sittings.length === 1)).toBe(true);
    await api.call(`GET /v1/me/referrals?page=${String(json['nextPage'])}`, { cookie });
    expect((await onRecord(oldest.referralId))[0]).toHaveLength(1);
  });

  test('next to the consumer’s consents', async () => {
    const { id } = await requestReferral(api);
    const { json } = await api.call(`GET /v1/ops/referrals/${id}/offers`, { cookie: ops });
    const { givenAt } = await api.db
      .selectFrom('consents')
      .select('givenAt')
      .where('referralId', '=', id)
      .executeTakeFirstOrThrow();
    const { json: words } = await api.call('GET /v1/consents/intake?language=en');
    const { text: _text, sha256: _sha256, ...limits } = words;
    expect(limits).toMatchObject({ scope: ['name', 'phone', 'email'], durationDays: 180 });
    expect(json).toEqual({
      consents: [
        {
          kind: 'intake',
          ...limits,
          givenBy: 'adult',
          givenAt: givenAt.toISOString(),
          expiresAt: new Date(givenAt.getTime() + 180 * 24 * 60 * 60_000).toISOString(),
          rescindedAt: null,
        },
      ],
      items: [],
    });
  });

  test('an unknown referral is not found', async () => {
    const answer = await api.call(`GET /v1/ops/referrals/${randomUUID()}/offers`, { cookie: ops });
    expect(answer.status).toBe(404);
  });
});

describe('an offer without a delivered message', () => {
  test('has reached the agent who saw it in the inbox', async () => {
    const { offerId } = await offered();
    expect(await wasDelivered(offerId)).toBe(false);
    await inbox();
    expect(await wasDelivered(offerId)).toBe(true);
  });

  test('has not reached the agent only because its link was opened: mail filters also open links', async () => {
    const { offerId } = await offered();
    await byLink(offerId);
    expect(await wasDelivered(offerId)).toBe(false);
  });

  test('has not reached an agent who saw it after its end', async () => {
    const { offerId } = await offered({ expiresAt: new Date(Date.now() + 60_000) });
    after(16);
    await inbox();
    expect(await wasDelivered(offerId)).toBe(false);
  });
});
