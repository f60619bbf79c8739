import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Tx } from '../../../store/database/connection.ts';
import { chooseAgent } from '../../../store/matching/candidates.ts';
import { wakeNextReferral } from '../../../store/referrals/matching/wake-next.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedReferral } from '../../harness/people/fixtures.ts';
import { occupyAgents, seedManyAgents } from '../../harness/people/many-agents.ts';
import { countRowsRead } from '../../harness/rows-read.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
  await occupyAgents(harness, await seedManyAgents(harness, { count: 300 }));
});
afterAll(() => harness.close());

const limits = aPolicy();
/** Counts what a transaction reads, and takes back what it wrote. */
async function readIn(work: (tx: Tx) => Promise<unknown>, tables: readonly string[]): Promise<number[]> {
  const tx = await harness.db.startTransaction().execute();
  const counts: number[] = [];
  for (const table of tables) counts.push(await countRowsRead(tx, table, () => work(tx)));
  await tx.rollback().execute();
  return counts;
}

test('when all agents are busy, a search passes over none of them', async () => {
  const id = await seedReferral(harness.db, { interpreter: true });
  const { lat, lon } = await harness.db
    .selectFrom('referrals')
    .select(['lat', 'lon'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const referral = { id, state: 'TX', zip: '78701', language: 'en', interpreter: true, lat, lon };
  const search = async (tx: Tx) =>
    expect(
      await chooseAgent(tx, referral, { at: after(minutes(1)), limits, lockedInVain: [] }),
    ).toBeUndefined();
  const [entries = Number.NaN] = await readIn(search, ['candidate_index']);
  expect(entries).toBeLessThanOrEqual(20);
});

test('when all agents are busy, a wake reads neither them nor the waiting referrals', async () => {
  const waiting: string[] = [];
  for (let count = 0; count < 30; count += 1) {
    const id = await seedReferral(harness.db, { at: after(-minutes(count)) });
    waiting.push(id);
  }
  const before = { id: waiting[0] ?? '', state: 'TX', createdAt: after(-hours(9)) };
  const wake = (tx: Tx) => wakeNextReferral(tx, before, { at: monday, limits });
  const [entries = Number.NaN, referrals = Number.NaN] = await readIn(wake, ['candidate_index', 'referrals']);
  expect(entries).toBeLessThanOrEqual(20);
  expect(referrals).toBe(0);
  expect((await harness.drainOutbox()).filter(({ type }) => type === 'wake-referral')).toEqual([]);
});

test('a request in a language that nobody speaks knows without reading the agents that all were asked', async () => {
  const id = await seedReferral(harness.db, { language: 'ko' });
  const [npn = ''] = (await harness.db.selectFrom('agents').select('npn').limit(1).execute()).map(
    (row) => row.npn,
  );
  await harness.db
    .insertInto('offers')
    .values({
      id,
      referralId: id,
      npn,
      number: 1,
      shortCode: '1',
      offeredAt: monday,
      expiresAt: monday,
      policyVersion: '-',
      endedAt: monday,
      endedAs: 'declined',
    })
    .execute();
  const match = await harness.activities.matchReferral({
    referralId: id,
    at: textAfter(minutes(1)),
    woken: false,
  });
  expect(match).toMatchObject({ found: 'not-now' });
  const { causes } = await harness.db
    .selectFrom('referrals')
    .select('causes')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(causes).toEqual(['everyone-asked']);
});
