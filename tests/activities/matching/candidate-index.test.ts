import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { squareOf } from '../../../domain/matching/grid.ts';
import { candidateBucket } from '../../../domain/matching/matching.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer } from '../../harness/people/fixtures.ts';
import { seedManyAgents } from '../../harness/people/many-agents.ts';
import { countRowsRead } from '../../harness/rows-read.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  // agents of earlier tests get no offers in this one
  await harness.db.updateTable('agents').set({ leftAt: monday }).execute();
});

const bucketsOf = async (npn: string) => {
  const rows = await harness.db
    .selectFrom('candidateIndex')
    .select('bucket')
    .where('npn', '=', npn)
    .execute();
  return rows.map(({ bucket }) => bucket).toSorted();
};
const change = (npn: string, values: object) =>
  harness.db.updateTable('agents').set(values).where('npn', '=', npn).execute();
const periodsOf = (npn: string) =>
  harness.db.selectFrom('candidatePeriods').select(['state', 'untilAt']).where('npn', '=', npn).execute();

const austin = { lat: 30.2713, lon: -97.7426 };

test('an agent is indexed under the state, each language, and the grid square of their ZIP', async () => {
  const { npn } = await seedAgent(harness.db, { agent: austin });
  const square = squareOf(austin) ?? 0;
  expect(await bucketsOf(npn)).toEqual(
    [candidateBucket('TX'), candidateBucket('TX', 'en'), candidateBucket('TX', 'en', square)].toSorted(),
  );
  await change(npn, { languages: ['en', 'es'], lat: null });
  expect(await bucketsOf(npn)).toEqual(['TX', 'TX en', 'TX es']);
});

test.each<[string, object, object]>([
  ['is held', { heldAt: monday }, { heldAt: null }],
  ['rests', { restingSince: monday }, { restingSince: null }],
  ['leaves', { leftAt: monday }, { leftAt: null }],
  ['becomes unavailable', { availableFrom: after(hours(9)) }, { availableFrom: '-infinity' }],
  ['wants no state', { statesWanted: [] }, { statesWanted: ['TX'] }],
])('an agent who %s is not indexed meanwhile, and is indexed as before afterwards', async (_, out, back) => {
  const { npn } = await seedAgent(harness.db);
  const before = await bucketsOf(npn);
  expect(before.length).toBeGreaterThan(0);
  await change(npn, out);
  expect(await bucketsOf(npn)).toEqual([]);
  expect(await periodsOf(npn)).toEqual([{ state: 'TX', untilAt: expect.any(Date) }]);
  await change(npn, back);
  expect(await bucketsOf(npn)).toEqual(before);
  expect((await periodsOf(npn)).filter(({ untilAt }) => untilAt === null)).toHaveLength(1);
});

test('an agent who no longer serves a state is not indexed', async () => {
  const { npn } = await seedAgent(harness.db);
  await harness.db.deleteFrom('serving').where('npn', '=', npn).execute();
  expect(await bucketsOf(npn)).toEqual([]);
});

test('a change of one agent reads the states of that agent alone', async () => {
  const [npn = ''] = await seedManyAgents(harness, { count: 1000, states: ['FL', 'OH', 'UT', 'AZ'] });
  const before = await bucketsOf(npn);
  const read = await harness.db.transaction().execute(async (tx) => {
    const setWindow = (availableFrom: Date | '-infinity') =>
      tx.updateTable('agents').set({ availableFrom }).where('npn', '=', npn).execute();
    return countRowsRead(tx, 'serving', async () => {
      await setWindow(after(hours(9)));
      await setWindow('-infinity');
    });
  });
  expect(await bucketsOf(npn)).toEqual(before);
  expect(before).toHaveLength(15);
  expect(read).toBeLessThanOrEqual(10);
});

test('agents who change in one statement are all indexed anew', async () => {
  const npns = [(await seedAgent(harness.db)).npn, (await seedAgent(harness.db)).npn];
  const before = await Promise.all(npns.map(bucketsOf));
  const setAll = (heldAt: Date | null) =>
    harness.db.updateTable('agents').set({ heldAt }).where('npn', 'in', npns).execute();
  await setAll(monday);
  expect(await Promise.all(npns.map(bucketsOf))).toEqual([[], []]);
  await setAll(null);
  expect(await Promise.all(npns.map(bucketsOf))).toEqual(before);
});

test('the index counts the offers that wait for an answer or for first contact, until they end', async () => {
  const { npn } = await seedAgent(harness.db);
  const offer = await seedOffer(harness);
  expect(offer.npn).toBe(npn);
  const loadOf = async () => {
    const rows = await harness.db
      .selectFrom('candidateIndex')
      .select(['unanswered', 'uncontacted'])
      .distinct()
      .where('npn', '=', npn)
      .execute();
    return rows.map(({ unanswered, uncontacted }) => [unanswered, uncontacted]);
  };
  expect(await loadOf()).toEqual([[1, 1]]);
  const about = { ...offer, at: textAfter(minutes(1)) };
  await harness.activities.acceptOffer(about);
  expect(await loadOf()).toEqual([[0, 1]]);
  // an agent who was away meanwhile is indexed with the same load
  await change(npn, { heldAt: monday });
  await change(npn, { heldAt: null });
  expect(await loadOf()).toEqual([[0, 1]]);
  await harness.activities.recordOutcome({ ...about, outcome: 'contacted' });
  expect(await loadOf()).toEqual([[0, 0]]);
});

test('offers of one agent that end at the same time leave no load behind', async () => {
  const { npn } = await seedAgent(harness.db);
  const policy = aPolicy({ openOffersPerAgent: 8, uncontactedReferralsPerAgent: 8 });
  const offers: { referralId: string; offerId: string }[] = [];
  for (let count = 0; count < 8; count += 1) {
    const offer = await seedOffer({ ...harness, activities: activitiesOn(harness.db, policy) });
    expect(offer.npn).toBe(npn);
    offers.push(offer);
  }
  await Promise.all(
    offers.map((offer) =>
      harness.activities.endOffer({ ...offer, end: 'declined', by: 'agent', at: textAfter(minutes(1)) }),
    ),
  );
  const loads = await harness.db
    .selectFrom('candidateIndex')
    .select(['unanswered', 'uncontacted'])
    .distinct()
    .where('npn', '=', npn)
    .execute();
  expect(loads).toEqual([{ unanswered: 0, uncontacted: 0 }]);
});

test('the refresh of one agent is not planned anew each time, also after its function was replaced', async () => {
  const { rows } = await sql<{ settings: string[] }>`
    select proconfig as settings from pg_proc where proname = 'refresh_candidates'`.execute(harness.db);
  expect(rows).toEqual([{ settings: ['plan_cache_mode=force_generic_plan'] }]);
});

test('grid squares have the same numbers in TypeScript and in Postgres', async () => {
  const positions = [
    austin,
    { lat: 90, lon: 180 },
    { lat: -90, lon: -180 },
    { lat: 13.5, lon: 144.75 },
    { lat: 51.9, lon: -176.6 },
  ];
  for (const position of positions) {
    const { rows } = await sql<{ square: number }>`
      select square_of(${position.lat}, ${position.lon}) as square`.execute(harness.db);
    expect(rows[0]?.square).toBe(squareOf(position));
  }
});
