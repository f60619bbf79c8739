import type { Pool } from 'pg';

/** Onboardings of one plan year, by consecutive NPNs. */
export interface OnboardingRows {
  firstNpn: number;
  count: number;
  /** Messages about them are relayed as those of a feed are: only as fast as everything else stays quick. */
  bulk: boolean;
}

/**
 * Opens the onboardings as a feed does, if they are not open yet, and adds a message for each. They have no agent
 * and no evidence, so each start or wake is one review that finds nothing to do: no invitation, no mail.
 */
export async function addMessages(
  pool: Pool,
  type: 'start-onboarding' | 'wake-onboarding',
  { firstNpn, count, bulk }: OnboardingRows,
): Promise<void> {
  await pool.query(
    `insert into onboardings (npn, plan_year, since, created_at)
     select n::text, 2027, now(), now() from generate_series($1::integer, $1 + $2 - 1) n on conflict do nothing`,
    [firstNpn, count],
  );
  await pool.query(
    `insert into outbox (type, bulk, payload)
     select $3, $4, jsonb_build_object('npn', n::text, 'planYear', 2027) from generate_series($1::integer, $1 + $2 - 1) n`,
    [firstNpn, count, type, bulk],
  );
}

/** Counts the messages that are not relayed yet. */
export async function countMessages(pool: Pool, { bulk }: Pick<OnboardingRows, 'bulk'>): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::integer as count from outbox where bulk = $1',
    [bulk],
  );
  return rows[0]?.count ?? 0;
}
