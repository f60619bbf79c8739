import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { cleanUp } from '../../harness/clean-up.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const dataOf = async ({ id, token }: { id: string; token: string }) =>
  (await api.call(`GET /v1/referrals/${id}/data`, { bearer: token })).json as {
    request: Record<string, unknown>;
    contact: Record<string, unknown> | null;
    consents: { kind: string; rescindedAt: string | null }[];
    shownTo: { npn: string }[];
    kept: Record<string, unknown>;
  };

test('a consumer reads what is kept, for how long, and who saw the contact; the contact itself in part alone', async () => {
  const referral = await requestReferral(api);
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  await addOffer(api.db, { referralId: referral.id, npn, acceptedAt: new Date() });
  const cookie = await logInAs(api, { npn });
  await api.call('GET /v1/me/referrals', { cookie });

  const answer = await api.call(`GET /v1/referrals/${referral.id}/data`, { bearer: referral.token });
  expect([answer.status, await dataOf(referral)]).toMatchObject([
    200,
    {
      request: { id: referral.id, zip: '84101', state: 'UT', need: 'new-coverage' },
      contact: { name: 'A…', phone: expect.stringMatching(/^…\d\d$/), email: 'a…' },
      consents: [{ kind: 'intake', rescindedAt: null }],
      shownTo: [{ npn }],
      kept: {
        everythingUntil: null,
        contactUntil: null,
        contactDaysAfterEnd: 90,
        consentRecordUntil: null,
        requestYearsAfterEnd: 10,
      },
    },
  ]);
  expect(answer.text).not.toMatch(/Reyes|\+1801|\(801\)|ana\.reyes/);
});

test('after the end it says when the contact is erased, and after the erasure until when the consent is on record', async () => {
  const referral = await requestReferral(api);
  const eraseAt = new Date('2026-12-24T00:00:00Z');
  await api.db.updateTable('referralKeys').set({ eraseAt }).where('referralId', '=', referral.id).execute();
  expect((await dataOf(referral)).kept).toMatchObject({ contactUntil: eraseAt.toISOString() });
  await cleanUp(api, eraseAt);
  expect(await dataOf(referral)).toMatchObject({
    contact: null,
    kept: { contactUntil: null, consentRecordUntil: '2036-12-24T00:00:00.000Z' },
  });
});

test('who takes the consent back reads that only the record of the consent is left', async () => {
  const referral = await requestReferral(api);
  await api.call(`POST /v1/referrals/${referral.id}/consent/rescission`, {
    bearer: referral.token,
    body: {},
  });
  const { contact, consents, kept } = await dataOf(referral);
  expect([contact, consents.map(({ rescindedAt }) => typeof rescindedAt)]).toEqual([null, ['string']]);
  expect(kept['consentRecordUntil']).toMatch(/^20\d\d-/);
  expect(api.logged()).toContain('Referral key destroyed');
});

test('an agent reads what is kept about them, and nothing of a consumer', async () => {
  const referral = await requestReferral(api);
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  const offerId = await addOffer(api.db, { referralId: referral.id, npn, acceptedAt: new Date() });
  const cookie = await logInAs(api, { npn });
  const { status, json, text } = await api.call('GET /v1/me/data', { cookie });
  expect([status, json]).toMatchObject([
    200,
    {
      agent: { npn, phone: '+18015550123', email: `${npn}@example.com` },
      account: { username: expect.any(String) },
      onboardings: [{ planYear: 2027, stage: 'active' }],
      offers: [{ id: offerId }],
      kept: { agentDaysAfterEnd: 365, recordYears: 10 },
    },
  ]);
  expect(text).not.toMatch(/Reyes|argon2|token/);
});
