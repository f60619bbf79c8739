import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type ActivityHarness,
  after,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { type ReferralFixture, seedAgent, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const at = textAfter(minutes(10));
const match = (referralId: string, { woken = true } = {}) =>
  harness.activities.matchReferral({ referralId, at, woken });

/** Creates referrals that found no agent, the oldest first. */
async function addWaiting(...all: ReferralFixture[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [minute, about] of all.entries()) {
    const referralId = await seedReferral(harness.db, { ...about, at: after(minutes(minute)) });
    expect(await match(referralId)).toMatchObject({ found: 'not-now' });
    ids.push(referralId);
  }
  return ids;
}

/** Creates agents who are free from now on, and drops the wakes that causes. */
async function addFreeAgents(count: number, languages = ['en']): Promise<void> {
  for (let one = 0; one < count; one += 1) await seedAgent(harness.db, { languages });
  await harness.drainOutbox();
}

const wakes = async () =>
  (await harness.drainOutbox()).flatMap(({ type, payload }) =>
    type === 'wake-referral' ? [(payload as { referralId: string }).referralId] : [],
  );

test('a woken referral that takes one of two agents wakes the next that fits the other, not the next in order', async () => {
  const [first = '', , third] = await addWaiting({}, { language: 'vi' }, {}, {});
  await addFreeAgents(2);
  expect(await match(first)).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([third]);
});

test('a woken referral that finds nobody wakes the next that fits, once', async () => {
  const [first = '', , third] = await addWaiting({ language: 'vi' }, { zip: '33101' }, {}, {});
  await addFreeAgents(1);
  expect(await match(first)).toMatchObject({ found: 'not-now' });
  expect(await wakes()).toEqual([third]);
});

test('a referral that is woken before its first match and takes one of two agents wakes the next', async () => {
  const fresh = await seedReferral(harness.db, { at: after(minutes(-1)) });
  const [second] = await addWaiting({});
  await addFreeAgents(2);
  expect(await match(fresh)).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([second]);
});

test('a referral that is woken again while its offer is open wakes the next', async () => {
  const [first = '', second] = await addWaiting({}, {});
  await addFreeAgents(1);
  await match(first);
  await addFreeAgents(1);
  expect(await match(first)).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([second]);
});

test('a match without a wake wakes no other referral', async () => {
  const [first = '', second = ''] = await addWaiting({}, { language: 'vi' }, {});
  await addFreeAgents(2);
  expect(await match(first, { woken: false })).toMatchObject({ found: 'offer' });
  expect(await match(second, { woken: false })).toMatchObject({ found: 'not-now' });
  expect(await wakes()).toEqual([]);
});

test('a referral that accepts an interpreter fits too', async () => {
  const [first = '', second] = await addWaiting(
    { language: 'vi' },
    { language: 'ko', interpreter: true },
    {},
  );
  await addFreeAgents(1);
  await match(first);
  expect(await wakes()).toEqual([second]);
});

test.each(['withdrawn', 'closed', 'unmatched'] as const)(
  'a woken referral that is then %s leaves the capacity to the next',
  async (stage) => {
    const [first = '', second] = await addWaiting({}, {});
    await addFreeAgents(1);
    await harness.activities.closeReferral({ referralId: first, stage, at });
    expect(await wakes()).toEqual([second]);
    await harness.activities.closeReferral({ referralId: first, stage, at });
    expect(await wakes()).toEqual([]);
  },
);

test('a referral that is woken while it asks an agent, and is then withdrawn, leaves the capacity to the next', async () => {
  const [first = '', second] = await addWaiting({}, {});
  await addFreeAgents(1);
  await match(first);
  await addFreeAgents(1);
  const closing = { referralId: first, stage: 'withdrawn', at } as const;
  await harness.activities.closeReferral({ ...closing, woken: true });
  expect(await wakes()).toEqual([second]);
  await harness.activities.closeReferral({ ...closing, woken: true });
  expect(await wakes()).toEqual([]);
});

test('a referral that is withdrawn while it asks an agent, and was not woken, wakes no other', async () => {
  const [first = ''] = await addWaiting({}, {});
  await addFreeAgents(1);
  await match(first);
  await addFreeAgents(1);
  await harness.activities.closeReferral({ referralId: first, stage: 'withdrawn', at });
  expect(await wakes()).toEqual([]);
});

test('no referral is woken when no agent is free, or for an agent it has asked before', async () => {
  const [first = '', second = ''] = await addWaiting({}, {});
  await addFreeAgents(1);
  const found = await match(first);
  expect(found).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([]);

  const { offerId } = (found as Extract<typeof found, { found: 'offer' }>).offer;
  await harness.activities.endOffer({ referralId: first, offerId, end: 'declined', by: 'agent', at });
  expect(await wakes()).toEqual([second]);
  await match(second);
  await harness.activities.closeReferral({ referralId: first, stage: 'withdrawn', at });
  expect(await wakes()).toEqual([]);
});

test('a chain of wakes goes to later referrals only, and so ends', async () => {
  const [, second = ''] = await addWaiting({}, { language: 'vi' });
  await addFreeAgents(1);
  await match(second);
  expect(await wakes()).toEqual([]);
});
