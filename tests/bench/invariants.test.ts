import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { brokenInvariants, installOfferTriggers } from '../../bench/load-test/invariants.ts';
import { createPool } from '../../runtime/database.ts';
import { type ActivityHarness, monday, openActivityHarness } from '../harness/activity-harness.ts';
import { seedAgent, seedReferral } from '../harness/people/fixtures.ts';

let harness: ActivityHarness;
let pool: pg.Pool;
let npn: string;
beforeEach(async () => {
  harness = await openActivityHarness();
  pool = createPool(harness.ownerUrl, { poolSize: 4 });
  await installOfferTriggers(pool, { openOffers: 1, uncontacted: 3 });
  ({ npn } = await seedAgent(harness.db));
});
afterEach(async () => {
  await pool.end();
  await harness.close();
});

/** Reserves an offer as matching does, but without its checks. */
async function offerTo(client: pg.Pool | pg.PoolClient): Promise<void> {
  const referralId = await seedReferral(harness.db);
  await client.query(
    `insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, policy_version)
     values ($1, $2, $3, 1, 'A1', $4, $4, 'test')`,
    [randomUUID(), referralId, npn, monday],
  );
}

const isViolated = async (invariant: string) => Object.keys(await brokenInvariants(pool)).includes(invariant);
const aboveCapacity = 'an agent above capacity';
const wronglyAsked = 'an offer to an agent who was held, suspended, departed or unavailable';

test('two concurrent offers to one agent, each right by itself, are noticed', async () => {
  // its lock on the agent keeps the second waiting for the first
  await pool.query('alter table offers disable trigger offers_count_load_of_new');
  const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
  for (const client of [one, other]) {
    await client.query('begin');
    await offerTo(client);
  }
  await Promise.all([one.query('commit'), other.query('commit')]);
  one.release();
  other.release();
  expect(await isViolated(aboveCapacity)).toBe(true);
});

test('an offer after another one has ended breaks no invariant', async () => {
  await offerTo(pool);
  await pool.query("update offers set ended_at = $1, ended_as = 'declined'", [monday]);
  await offerTo(pool);
  expect(await isViolated(aboveCapacity)).toBe(false);
  expect(await isViolated(wronglyAsked)).toBe(false);
});

test.each([
  { is: 'held', by: 'update agents set held_at = now() where npn = $1' },
  { is: 'resting', by: 'update agents set resting_since = now() where npn = $1' },
  { is: 'departed', by: 'update agents set left_at = now() where npn = $1' },
  { is: 'unavailable', by: 'insert into availability_overrides values ($1, false, null)' },
  { is: 'suspended', by: "update onboardings set stage = 'suspended' where npn = $1" },
])('an offer to an agent who is $is is noticed', async ({ is, by }) => {
  await pool.query(by, [npn]);
  await offerTo(pool);
  expect((await brokenInvariants(pool))[wronglyAsked]).toEqual([
    expect.objectContaining({ npn, reason: is }),
  ]);
});
