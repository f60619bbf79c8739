import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type ActivityHarness,
  after,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { type ReferralFixture, seedAgent, seedReferral } from '../../harness/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const at = textAfter(minutes(10));
const match = (referralId: string, { woken = true } = {}) =>
  harness.activities.matchReferral({ referralId, at, woken });

/** Referrals that have looked for somebody in vain, the oldest first. */
async function givenWaiting(...all: ReferralFixture[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [minute, about] of all.entries()) {
    const referralId = await seedReferral(harness.db, { ...about, at: after(minutes(minute)) });
    expect(await match(referralId)).toMatchObject({ found: 'not-now' });
    ids.push(referralId);
  }
  return ids;
}

/** Agents who are free from now on; what they wake by that is not looked at. */
async function givenFree(count: number, languages = ['en']): Promise<void> {
  for (let one = 0; one < count; one += 1) await seedAgent(harness.db, { languages });
  await harness.drainOutbox();
}

const wakes = async () =>
  (await harness.drainOutbox()).flatMap(({ deed, subject }) =>
    deed === 'wake-referral' ? [(subject as { referralId: string }).referralId] : [],
  );

test('who is woken and takes one of two wakes the next whom the other fits, not the next who waits', async () => {
  const [first = '', , third] = await givenWaiting({}, { language: 'vi' }, {}, {});
  await givenFree(2);
  expect(await match(first)).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([third]);
});

test('who is woken and finds nobody wakes the next who fits, once', async () => {
  const [first = '', , third] = await givenWaiting({ language: 'vi' }, { zip: '33101' }, {}, {});
  await givenFree(1);
  expect(await match(first)).toMatchObject({ found: 'not-now' });
  expect(await wakes()).toEqual([third]);
});

test('who is woken before the first look and takes one of two wakes the next', async () => {
  const fresh = await seedReferral(harness.db, { at: after(minutes(-1)) });
  const [second] = await givenWaiting({});
  await givenFree(2);
  expect(await match(fresh)).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([second]);
});

test('who is woken for one place while another one is taken wakes the next', async () => {
  const [first = '', second] = await givenWaiting({}, {});
  await givenFree(1);
  await match(first);
  await givenFree(1);
  expect(await match(first)).toMatchObject({ found: 'offer' });
  expect(await wakes()).toEqual([second]);
});

test('who looks without being woken wakes nobody', async () => {
  const [first = '', second = ''] = await givenWaiting({}, { language: 'vi' }, {});
  await givenFree(2);
  expect(await match(first, { woken: false })).toMatchObject({ found: 'offer' });
  expect(await match(second, { woken: false })).toMatchObject({ found: 'not-now' });
  expect(await wakes()).toEqual([]);
});

test('an interpreter is a way to fit', async () => {
  const [first = '', second] = await givenWaiting(
    { language: 'vi' },
    { language: 'ko', interpreter: true },
    {},
  );
  await givenFree(1);
  await match(first);
  expect(await wakes()).toEqual([second]);
});

test.each(['withdrawn', 'closed', 'unmatched'] as const)(
  'who is woken and then %s leaves the place to the next',
  async (stage) => {
    const [first = '', second] = await givenWaiting({}, {});
    await givenFree(1);
    await harness.activities.closeReferral({ referralId: first, stage, at });
    expect(await wakes()).toEqual([second]);
    await harness.activities.closeReferral({ referralId: first, stage, at });
    expect(await wakes()).toEqual([]);
  },
);

test('nobody is woken when nobody is free, or for somebody who was asked before', async () => {
  const [first = '', second = ''] = await givenWaiting({}, {});
  await givenFree(1);
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

test('a chain goes on to later ones only, and so comes to its end', async () => {
  const [, second = ''] = await givenWaiting({}, { language: 'vi' });
  await givenFree(1);
  await match(second);
  expect(await wakes()).toEqual([]);
});
