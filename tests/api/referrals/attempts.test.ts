import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

const hour = 3_600_000;
const acceptedAt = new Date();

/** The arguments of each update that reached the workflow. */
const updates: unknown[] = [];
const temporal = {
  workflow: {
    getHandle: () => ({
      executeUpdate: async (_update: unknown, { args }: { args: unknown[] }) => {
        updates.push(args[0]);
        return { stage: 'accepted', since: acceptedAt.toISOString() };
      },
    }),
  },
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
  connection: { close: async () => {} },
} as unknown as Client;

let api: ApiHarness;
let cookie: string;
let npn: string;
let referral: Awaited<ReturnType<typeof requestReferral>>;
let offerId: string;
beforeAll(async () => {
  api = await openApiHarness({ temporal });
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
});
afterAll(() => api.close());
beforeEach(async () => {
  updates.length = 0;
  referral = await requestReferral(api);
  offerId = await addOffer(api.db, { referralId: referral.id, npn, acceptedAt });
});

const report = (more: object = {}, outcome = 'attempted') =>
  api.call(`POST /v1/referrals/${referral.id}/outcomes`, { cookie, body: { outcome, ...more } });
const change = (columns: object) =>
  api.db.updateTable('offers').set(columns).where('id', '=', offerId).execute();
const inHours = (count: number) => new Date(Date.now() + count * hour).toISOString();
async function listed() {
  const { json } = await api.call('GET /v1/me/referrals', { cookie });
  const all = json['referrals'] as { id: string; nextTry: { byDefault: string; latest: string } | null }[];
  return all.find(({ id }) => id === referral.id);
}

test('a try reaches the workflow with how it went and the time of the next one, or without', async () => {
  const nextTryAt = inHours(2);
  const first = await report({ how: 'voicemail', nextTryAt });
  expect([first.status, first.json]).toEqual([200, { stage: 'accepted', since: acceptedAt.toISOString() }]);
  expect((await report()).status).toBe(200);
  expect(updates).toEqual([
    { offerId, outcome: 'attempted', how: 'voicemail', nextTryAt },
    { offerId, outcome: 'attempted' },
  ]);
});

test.each([
  ['in the past', -1],
  ['later than policy allows', 24 * 9],
])('a next try %s is refused with the field and the latest instant', async (_name, hours) => {
  const { nextTry } = (await listed()) ?? {};
  const refused = await report({ nextTryAt: inHours(hours) });
  expect([refused.status, problemNameOf(refused)]).toEqual([422, 'invalid-fields']);
  expect(refused.json.errors).toMatchObject([{ pointer: '/nextTryAt', code: 'out-of-range' }]);
  expect(refused.json['latest']).toBe(nextTry?.latest);
  expect(updates).toEqual([]);
});

test('only a try takes how it went and the time of the next one', async () => {
  const refused = await report({ how: 'no-answer', nextTryAt: inHours(2) }, 'contacted');
  expect(refused.json.errors).toMatchObject([
    { pointer: '/how', code: 'unknown-field' },
    { pointer: '/nextTryAt', code: 'unknown-field' },
  ]);
});

test('a try after first contact or after the end of the offer is not allowed', async () => {
  await change({ contactedAt: new Date() });
  expect(problemNameOf(await report())).toBe('not-allowed-now');
  const endedAt = new Date();
  await change({ endedAs: 'silent', endedBy: 'clock', endedAt });
  const late = await report();
  expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
  expect(late.json).toMatchObject({ end: 'silent', at: endedAt.toISOString() });
});

test('after three tries no further one is taken, and the referral can be handed back without a count', async () => {
  const tried = { attemptedAt: new Date(), nextTryAt: new Date(inHours(2)) };
  const handBack = () => report({ reason: 'no-contact-after-attempts' }, 'handed-back');
  await change({ ...tried, attempts: 2 });
  expect((await handBack()).json.errors).toMatchObject([{ pointer: '/attempts' }]);
  await change({ ...tried, attempts: 3 });
  const refused = await report();
  expect([refused.status, problemNameOf(refused)]).toEqual([409, 'not-allowed-now']);
  expect(refused.json).toMatchObject({ attempts: 3, mostAttempts: 3 });
  expect(await listed()).toMatchObject({ attempts: 3, nextTry: null });
  expect((await handBack()).status).toBe(200);
});

test('a like report within ten minutes is the first one, even after the next try is over', async () => {
  const nextTryAt = inHours(-0.01);
  await api.db
    .insertInto('events')
    .values(
      [
        { kind: 'outcome-reported', by: 'agent', data: { offerId, npn, outcome: 'attempted', nextTryAt } },
        { kind: 'stage-entered', by: 'service', data: { stage: 'accepted' } },
      ].map(({ data, ...event }, index) => ({
        ...event,
        subjectKind: 'referral',
        subjectId: referral.id,
        sequence: 100 + index,
        at: acceptedAt,
        data: JSON.stringify(data),
      })),
    )
    .execute();
  const again = await report({ nextTryAt });
  expect(again).toMatchObject({ status: 200, json: { stage: 'accepted' } });
  expect(updates).toEqual([]);
});

test('agent and consumer see the try and when the next one follows', async () => {
  const [attemptedAt, nextTryAt] = [new Date(), new Date(inHours(2))];
  await change({ attempts: 1, attemptedAt, nextTryAt });
  const { nextTry, ...row } = (await listed()) ?? {};
  expect(row).toMatchObject({ attempts: 1, nextTryAt: nextTryAt.toISOString() });
  expect(row).not.toHaveProperty('timeZone');
  expect(Date.parse(nextTry?.byDefault ?? '')).toBeLessThan(Date.parse(nextTry?.latest ?? ''));

  const status = () => api.call(`GET /v1/referrals/${referral.id}`, { bearer: referral.token });
  expect((await status()).json['agent']).toMatchObject({
    triedAt: attemptedAt.toISOString(),
    nextTryAt: nextTryAt.toISOString(),
  });
  await change({ contactedAt: new Date() });
  expect((await status()).json['agent']).toMatchObject({ triedAt: null, nextTryAt: null });
});
