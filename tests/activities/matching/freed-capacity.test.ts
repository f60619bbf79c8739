import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Client } from 'pg';
import {
  type ActivityHarness,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Searches for an agent, and has another agent become free once the search has found nobody and before it is committed. */
async function searchWhile(referralId: string, free: () => Promise<unknown>) {
  const query = Reflect.get(Client.prototype, 'query') as (...asked: unknown[]) => unknown;
  let isFirst = true;
  const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
    this: Client,
    ...asked: unknown[]
  ) {
    const ask = () => query.apply(this, asked);
    if (asked[0] !== 'commit' || !isFirst) return ask();
    isFirst = false;
    return free().then(ask);
  });
  try {
    const at = textAfter(minutes(2));
    return await harness.activities.matchReferral({ referralId, at, woken: false });
  } finally {
    spy.mockRestore();
  }
}

/** Seeds an agent who has as many offers as they can take. @returns what frees them */
async function seedBusyAgent(): Promise<() => Promise<unknown>> {
  await seedAgent(harness.db);
  const offer = await seedOffer(harness);
  const at = textAfter(minutes(2));
  return () => harness.activities.endOffer({ ...offer, end: 'declined', by: 'agent', at });
}

const wakes = async () =>
  (await harness.drainOutbox()).filter(({ type }) => type === 'wake-referral').map(({ payload }) => payload);

describe('an agent who becomes free while a search finds nobody', () => {
  test('is found by a second search, where the referral did not wait for an agent before', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const free = await seedBusyAgent();
    const at = textAfter(minutes(1));
    await harness.activities.endOffer({ ...offer, end: 'declined', by: 'agent', at });
    await harness.drainOutbox();
    expect(await searchWhile(offer.referralId, free)).toMatchObject({ found: 'offer' });
    expect(await wakes()).toEqual([]);
  });

  test('wakes a referral that waited for an agent before, which is searched for once', async () => {
    const free = await seedBusyAgent();
    const referralId = await seedReferral(harness.db);
    await harness.activities.matchReferral({ referralId, at: textAfter(minutes(1)), woken: false });
    await harness.drainOutbox();
    expect(await searchWhile(referralId, free)).toMatchObject({ found: 'not-now' });
    expect(await wakes()).toEqual([{ referralId }]);
  });
});
