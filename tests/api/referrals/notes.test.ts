import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
let npn: string;
beforeAll(async () => {
  api = await openApiHarness();
  npn = await addAgent(api.db, { stage: 'active', registered: true });
  cookie = await logInAs(api, { npn });
});
afterAll(() => api.close());

let referral: { id: string; token: string };
let offerId: string;
beforeEach(async () => {
  referral = await requestReferral(api);
  offerId = await addOffer(api.db, { referralId: referral.id, npn, acceptedAt: new Date() });
});

const read = (as = cookie) => api.call(`GET /v1/referrals/${referral.id}/notes`, { cookie: as });
const save = (text: string, updatedAt: unknown, as = cookie) =>
  api.call(`PUT /v1/referrals/${referral.id}/notes`, { cookie: as, body: { text, updatedAt } });

test('an agent reads what they noted about a referral; at first that is nothing', async () => {
  expect((await read()).json).toEqual({ text: '', updatedAt: null });
  const text = 'Prefers mornings.\nDaughter Zelda helps with the forms.';
  const saved = await save(text, null);
  expect([saved.status, saved.json]).toEqual([200, { text, updatedAt: expect.any(String) }]);
  expect((await read()).json).toEqual(saved.json);
  expect((await save('', saved.json['updatedAt'])).json).toMatchObject({ text: '' });
  expect(api.logged()).not.toContain('Zelda');
});

test('notes are stored encrypted: the row has none of their words', async () => {
  await save('Prefers mornings', null);
  const { text } = await api.db
    .selectFrom('referralNotes')
    .select('text')
    .where('offerId', '=', offerId)
    .executeTakeFirstOrThrow();
  expect([text[0], text.includes('mornings')]).toEqual([1, false]);
});

describe('notes that were saved on another device meanwhile', () => {
  test('are not lost: the answer has them, and the next save replaces them', async () => {
    const first = await save('Prefers mornings', null);
    const other = await save('Prefers evenings', first.json['updatedAt']);
    const refused = await save('Prefers noon', first.json['updatedAt']);
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'notes-changed']);
    expect(refused.json).toMatchObject({
      text: 'Prefers evenings',
      updatedAt: other.json['updatedAt'],
    });
    expect((await read()).json).toEqual(other.json);
    expect((await save('Prefers noon', refused.json['updatedAt'])).status).toBe(200);
  });

  test('also if both were the first, or at the same moment: one is saved', async () => {
    const answers = await Promise.all(['one', 'two', 'three'].map((text) => save(text, null)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const kept = answers.find(({ status }) => status === 200)?.json;
    expect((await read()).json).toEqual(kept);
  });

  test('with the same words are a repeat, which gets the first answer', async () => {
    const first = await save('Prefers mornings', null);
    expect((await save('Prefers mornings', null)).json).toEqual(first.json);
  });
});

describe('notes are read and written by nobody', () => {
  test('but the agent who accepted: for another agent there is no such referral', async () => {
    await save('Prefers mornings', null);
    const other = await addAgent(api.db, { stage: 'active', registered: true });
    const theirs = await logInAs(api, { npn: other });
    expect([(await read(theirs)).status, (await save('x', null, theirs)).status]).toEqual([404, 404]);
    await addOffer(api.db, { referralId: referral.id, npn: other, number: 2 });
    expect((await read(theirs)).status).toBe(404);
  });

  test('not by the next agent of the referral, who has notes of their own', async () => {
    await save('Prefers mornings', null);
    await api.db
      .updateTable('offers')
      .set({ endedAt: new Date(), endedAs: 'handed-back' })
      .where('id', '=', offerId)
      .execute();
    const ended = await read();
    expect([ended.status, problemNameOf(ended), ended.json['end']]).toEqual([
      409,
      'offer-ended',
      'handed-back',
    ]);
    expect(problemNameOf(await save('x', null))).toBe('offer-ended');
    const next = await addAgent(api.db, { stage: 'active', registered: true });
    const theirs = await logInAs(api, { npn: next });
    await addOffer(api.db, { referralId: referral.id, npn: next, number: 2, acceptedAt: new Date() });
    expect((await read(theirs)).json).toEqual({ text: '', updatedAt: null });
  });

  test('once the consumer has rescinded the consent: the rows are gone with the key', async () => {
    await save('Prefers mornings', null);
    await api.call(`POST /v1/referrals/${referral.id}/consent/rescission`, {
      bearer: referral.token,
      body: {},
    });
    const gone = await read();
    expect([gone.status, problemNameOf(gone)]).toEqual([409, 'not-allowed-now']);
    const left = await api.db
      .selectFrom('referralNotes')
      .select('offerId')
      .where('offerId', '=', offerId)
      .execute();
    expect(left).toEqual([]);
  });
});

test('notes have at most 2,000 characters', async () => {
  expect((await save('x'.repeat(2_000), null)).status).toBe(200);
  expect(codesOf(await save('x'.repeat(2_001), null))).toHaveProperty('/text');
});
