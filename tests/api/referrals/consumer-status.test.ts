import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, addOffer, requestReferral } from '../../harness/people/people.ts';
import { recordStatements } from '../../harness/statements.ts';

let api: ApiHarness;
let referral: { id: string; token: string };
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());
beforeEach(async () => {
  referral = await requestReferral(api);
});

async function status(): Promise<Record<string, unknown>> {
  const answer = await api.call(`GET /v1/referrals/${referral.id}`, { bearer: referral.token });
  expect(answer.status).toBe(200);
  return answer.json;
}
const change = (columns: object) =>
  api.db.updateTable('referrals').set(columns).where('id', '=', referral.id).execute();
const minutesAgo = (count: number) => new Date(Date.now() - count * 60_000);
const newAgent = () => addAgent(api.db, { registered: true, stage: 'active' });

test('before anybody is asked it says when the request came, and by when it ends at the latest', async () => {
  const { createdAt, budgetEndsAt } = await api.db
    .selectFrom('referrals')
    .select(['createdAt', 'budgetEndsAt'])
    .where('id', '=', referral.id)
    .executeTakeFirstOrThrow();
  expect(await status()).toMatchObject({
    receivedAt: createdAt.toISOString(),
    asked: null,
    latestBy: budgetEndsAt.toISOString(),
    outcome: null,
  });
});

test('it says how many agents were asked and when the last was, but not who', async () => {
  const [declining, silent] = [await newAgent(), await newAgent()];
  const [referralId, offeredAt] = [referral.id, minutesAgo(2)];
  await addOffer(api.db, { referralId, npn: declining, offeredAt: minutesAgo(9), endedAs: 'expired' });
  await addOffer(api.db, { referralId, npn: silent, number: 2, offeredAt });
  await change({ stage: 'offering' });
  const answer = await status();
  expect(answer['asked']).toEqual({ count: 2, latestAt: offeredAt.toISOString() });
  const text = JSON.stringify(answer);
  for (const told of [declining, silent, 'Okafor']) expect(text).not.toContain(told);
});

test('how long it takes is that of the state, and nothing where fewer than 20 cases are known there', async () => {
  const counted = { requests: 20, medianMinutes: 3, ninetiethMinutes: 9, unmatchedShare: 0.1 };
  await api.db
    .insertInto('waitingTimes')
    .values({ period: 'month', ...counted })
    .execute();
  await api.db.updateTable('waitingTimeCounts').set({ countedAt: new Date() }).execute();
  // other states say nothing about this one
  expect((await status())['usually']).toBeNull();
  await api.db
    .insertInto('waitingTimes')
    .values([
      { period: 'month', state: 'UT', ...counted, medianMinutes: 5 },
      { period: 'this-hour', state: 'UT', language: 'en', ...counted, medianMinutes: 2 },
    ])
    .execute();
  const wait = { medianMinutes: 2, ninetiethMinutes: 9 };
  expect((await status())['usually']).toEqual({ state: 'UT', language: 'en', period: 'this-hour', ...wait });
  await change({ language: 'vi' });
  expect((await status())['usually']).toMatchObject({ state: 'UT', language: null, medianMinutes: 5 });
});

test('an agent who has it is named with the tries, and the search is over', async () => {
  const npn = await newAgent();
  const acceptedAt = minutesAgo(5);
  const offerId = await addOffer(api.db, { referralId: referral.id, npn, acceptedAt });
  const tries = { attempts: 2, attemptedAt: minutesAgo(1), nextTryAt: minutesAgo(-60) };
  await api.db.updateTable('offers').set(tries).where('id', '=', offerId).execute();
  await change({ stage: 'accepted' });
  expect(await status()).toMatchObject({
    usually: null,
    latestBy: null,
    agent: { npn, tries: 2, acceptedAt: acceptedAt.toISOString(), contactedAt: null },
  });
});

test.each([
  ['enrolled', 'enrolled'],
  ['not-a-good-prospect', 'not-enrolled'],
  [null, null],
])('a closed request with the outcome %s is told as %s', async (outcome, told) => {
  await change({ stage: 'closed', closedAt: new Date(), outcome });
  expect((await status())['outcome']).toBe(told);
});

test('the answer costs five statements while agents are asked, and no more for more of them', async () => {
  // those of the change feed, which runs beside it, are about nobody
  const isOfStatus = (statement: string) =>
    statement.includes(referral.id) || statement.includes('"waiting_times"');
  const read = async () => (await recordStatements(status)).filter(isOfStatus).length;
  expect(await read()).toBe(5);
  for (const number of [1, 2, 3])
    await addOffer(api.db, { referralId: referral.id, npn: await newAgent(), number, endedAs: 'expired' });
  await change({ stage: 'offering' });
  expect(await read()).toBe(5);
});
