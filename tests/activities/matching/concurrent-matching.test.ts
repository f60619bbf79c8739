import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  type ActivityHarness,
  activitiesOn,
  aPolicy,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { seedAgent, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

async function addAgentsAndReferrals(agents: number, referrals: number): Promise<string[]> {
  for (let count = 0; count < agents; count += 1) await seedAgent(harness.db);
  const ids: string[] = [];
  for (let count = 0; count < referrals; count += 1) ids.push(await seedReferral(harness.db));
  return ids;
}

const offers = () => harness.db.selectFrom('offers').selectAll().execute();
const openPerAgent = async () => {
  const rows = await harness.db
    .selectFrom('offers')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('endedAt', 'is', null)
    .groupBy('npn')
    .execute();
  return rows.map(({ count }) => count);
};

test('40 referrals at once for 7 agents: every agent gets one, nobody two', async () => {
  const referrals = await addAgentsAndReferrals(7, 40);
  const matches = await Promise.all(
    referrals.map((referralId) =>
      harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) }),
    ),
  );
  expect(matches.filter(({ found }) => found === 'offer')).toHaveLength(7);
  expect(matches.filter(({ found }) => found === 'not-now')).toHaveLength(33);
  expect(await openPerAgent()).toEqual([1, 1, 1, 1, 1, 1, 1]);
});

test('with a capacity of two offers nobody gets three, and a second match fills what is left', async () => {
  const referrals = await addAgentsAndReferrals(7, 40);
  const activities = activitiesOn(harness.db, aPolicy({ openOffersPerAgent: 2 }));
  const all = () =>
    Promise.all(
      referrals.map((referralId) => activities.matchReferral({ woken: true, referralId, at: textAfter(0) })),
    );
  await all();
  expect(Math.max(...(await openPerAgent()))).toBeLessThanOrEqual(2);
  for (const referralId of referrals)
    await activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  expect(await openPerAgent()).toEqual([2, 2, 2, 2, 2, 2, 2]);
});

test('concurrent repeats of one match reserve one agent', async () => {
  const [referralId = ''] = await addAgentsAndReferrals(7, 1);
  const matches = await Promise.all(
    Array.from({ length: 12 }, () =>
      harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) }),
    ),
  );
  expect(new Set(matches.map((found) => found.found === 'offer' && found.offer.offerId)).size).toBe(1);
  expect(await offers()).toHaveLength(1);
});

const cascade = async (referralId: string) => {
  for (let asked = 0; asked < 5; ) {
    const found = await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
    if (found.found !== 'offer') continue;
    const { offerId } = found.offer;
    await harness.activities.endOffer({
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      at: textAfter(0),
    });
    asked += 1;
  }
};
const watch = async (isOver: () => boolean) => {
  let most = 0;
  while (!isOver()) most = Math.max(most, ...(await openPerAgent()));
  return most;
};

test('concurrent cascades ask every agent once each, one at a time', async () => {
  const referrals = await addAgentsAndReferrals(5, 8);
  let isOver = false;
  const watching = watch(() => isOver);
  await Promise.all(referrals.map(cascade));
  isOver = true;
  expect(await watching).toBeLessThanOrEqual(1);
  const pairs = (await offers()).map(({ referralId, npn }) => `${referralId} ${npn}`);
  expect(pairs).toHaveLength(40);
  expect(new Set(pairs).size).toBe(40);
});

test('an agent whose onboarding is being reviewed is still found', async () => {
  const [referralId = ''] = await addAgentsAndReferrals(1, 1);
  const { npn } = await harness.db.selectFrom('agents').select('npn').executeTakeFirstOrThrow();
  const key = { npn, planYear: 2027, at: textAfter(0) };
  const reviews = Array.from({ length: 8 }, () => harness.activities.reviewOnboarding(key));
  const [found] = await Promise.all([
    harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) }),
    ...reviews,
  ]);
  expect(found).toMatchObject({ found: 'offer', offer: { npn } });
});

test('an agent whom a review suspends while a match waits for the lock on their row is not asked', async () => {
  const [referralId = ''] = await addAgentsAndReferrals(1, 1);
  const { npn } = await harness.db.selectFrom('agents').select('npn').executeTakeFirstOrThrow();
  const found = await harness.db.transaction().execute(async (tx) => {
    await tx.selectFrom('agents').select('npn').where('npn', '=', npn).forNoKeyUpdate().execute();
    await tx.deleteFrom('serving').where('npn', '=', npn).execute();
    const matching = harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
    await eventually(async () => {
      const { rows } = await sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(harness.db);
      expect(rows).toHaveLength(1);
    });
    // in an array, because a returned promise would be awaited while the row is still locked
    return [matching];
  });
  expect(await found[0]).toMatchObject({ found: 'not-now' });
});
