import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Pool } from 'pg';
import { writePast } from '../../../standalone/sample/past.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

/** It is still the day before where the agents live. */
const until = new Date('2026-11-28T00:20:00Z');

interface Written {
  database: TestDatabase;
  pool: Pool;
  folder: string;
}

async function write(seed: number): Promise<Written> {
  const folder = await mkdtemp(join(tmpdir(), 'past-'));
  const database = await createTestDatabase();
  const env = {
    MIGRATION_DATABASE_URL: database.ownerUrl,
    DATABASE_URL: database.url,
    LINK_SECRET: 'link-secret-of-the-past-of-the-sample-data',
    MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    REQUIRE_CONFIRMED_PHONE: 'off',
  };
  const passwordOf = (username: string) => `Password of ${username} 1`;
  await writePast({ env, directory: folder, seed, until, passwordOf });
  const pool = new Pool({ connectionString: database.ownerUrl });
  // a connection that is still closing may hear that its database is dropped
  pool.on('error', () => {});
  return { database, pool, folder };
}

async function remove({ database, pool, folder }: Written): Promise<void> {
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true });
}

let written: Written;
beforeAll(async () => {
  written = await write(1);
});
afterAll(() => remove(written));

async function countOf(query: string): Promise<number> {
  const { rows } = await written.pool.query<{ count: number }>(
    `select count(*)::integer as count from ${query}`,
  );
  return rows[0]?.count ?? Number.NaN;
}

/** Reads what happened to every request, without ids, which are random. */
async function courseOf({ pool }: Written): Promise<unknown> {
  const { rows } = await pool.query(`
    select r.created_at, r.zip, r.language, r.stage, r.closed_at, r.outcome,
      (select array_agg(o.npn || ' ' || o.ended_as || ' ' || o.offered_at || ' ' || o.ended_at order by o.number)
        from offers o where o.referral_id = r.id) as offers
    from referrals r order by r.created_at, r.zip`);
  return rows;
}

test('there is no past across the day on which the plan years change', async () => {
  const options = { env: {}, directory: '', seed: 1, passwordOf: () => '' };
  for (const day of ['2026-08-01', '2026-08-31'])
    expect(await writePast({ ...options, until: new Date(`${day}T18:00:00Z`) })).toBe(false);
});

describe('the past of the sample data', () => {
  test('has requests of every day that ended in every way, and none is open', async () => {
    expect(await countOf('referrals')).toBeGreaterThan(60);
    expect(await countOf('referrals where closed_at is null')).toBe(0);
    expect(await countOf('offers where ended_at is null')).toBe(0);
    for (const condition of [
      "referrals where stage = 'closed' and outcome = 'enrolled'",
      "referrals where stage = 'unmatched'",
      "offers where ended_as = 'declined'",
      "offers where ended_as = 'expired'",
      "offers where ended_as = 'silent'",
    ])
      expect([condition, await countOf(condition)]).toEqual([condition, expect.any(Number)]);
    expect(await countOf("offers where ended_as = 'declined'")).toBeGreaterThan(3);
    expect(await countOf("referrals where stage = 'unmatched'")).toBeGreaterThan(3);
  });

  test('has agents who serve since its beginning, and others who are stuck for days', async () => {
    const { rows } = await written.pool.query<{ npn: string; stage: string; causes: string[] }>(
      'select npn, stage, causes from onboardings where plan_year = 2027 order by npn',
    );
    expect(rows.map(({ npn, stage, causes }) => `${npn} ${stage} ${causes.join()}`)).toEqual([
      '2000001 active ',
      '2000002 active ',
      '2000003 active ',
      '2000105 awaiting-eligibility help-on-demand-coursework',
      '2000106 awaiting-eligibility licensed-with-health-line,late',
      '2000107 invitation-expired expired',
      '2000108 invitation-undeliverable undeliverable',
      '2000109 awaiting-terms agents-and-brokers-terms-of-use',
      '2000110 suspended held',
    ]);
    const served = "candidate_periods where npn = '2000001' and state = 'AZ'";
    expect(await countOf(`${served} and from_at < '2026-10-30'`)).toBe(1);
    expect(await countOf("onboardings where stage <> 'active' and since > '2026-11-27'")).toBe(0);
  });

  test('has something for ops: a problem, a reply that is unclear, mail that came back', async () => {
    expect(await countOf('problem_reports where handled_at is null')).toBe(1);
    expect(await countOf("text_opt_outs where stopped_by = 'unclear-reply'")).toBe(1);
    expect(await countOf("deliveries where status = 'bounced'")).toBe(1);
  });

  test('leaves nothing to do but the onboardings: no message about a referral, no delivery, no clock', async () => {
    const { rows } = await written.pool.query<{ type: string }>(
      'select distinct type from outbox order by 1',
    );
    expect(rows.map(({ type }) => type)).toEqual(['start-onboarding', 'wake-onboarding']);
    expect(await countOf("deliveries where status = 'pending'")).toBe(0);
    expect(await countOf(`events where at > '${until.toISOString()}'`)).toBe(0);
    expect(await countOf("pg_namespace where nspname = 'given_clock'")).toBe(0);
  });

  test('is the same for a seed and an end', async () => {
    const again = await write(1);
    expect(await courseOf(again)).toEqual(await courseOf(written));
    await remove(again);
  });
});
