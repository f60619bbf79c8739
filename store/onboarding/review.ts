import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import type { OnboardingKey } from './onboardings.ts';

/** The open onboardings that follow one in the order of NPN and plan year, or the first ones; `limit` at the most. */
export async function openOnboardingsAfter(
  tx: Tx,
  after: OnboardingKey | undefined,
  limit: number,
): Promise<OnboardingKey[]> {
  let open = tx.selectFrom('onboardings').select(['npn', 'planYear']).where('closedAt', 'is', null);
  if (after) open = open.where(sql<boolean>`(npn, plan_year) > (${after.npn}, ${after.planYear})`);
  return open.orderBy('npn').orderBy('planYear').limit(limit).execute();
}

/** Has the stories of many onboardings look at their facts again, in one round trip. */
export async function wakeOnboardingsOf(tx: Tx, keys: readonly OnboardingKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    insert into outbox (deed, subject)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from unnest(${keys.map(({ npn }) => npn)}::text[], ${keys.map(({ planYear }) => planYear)}::smallint[])
      as key (npn, plan_year)`.execute(tx);
}
