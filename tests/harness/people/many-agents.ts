import { sql } from 'kysely';
import { type ActivityHarness, monday } from '../activity-harness.ts';
import { asOwner } from '../servers/postgres.ts';

/**
 * Inserts agents without onboardings who can be asked in Austin, and in `states` more, and gathers statistics, so that
 * queries are planned as among many.
 * @returns their NPNs
 */
export async function seedManyAgents(
  { db, ownerUrl }: Pick<ActivityHarness, 'db' | 'ownerUrl'>,
  { count, states = [] }: { count: number; states?: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ npn: string }>`
    insert into agents (npn, first_name, last_name, email, synced_at, registered_at, contact_preference, lat, lon,
      languages, states_wanted)
    select (900000 + n)::text, 'A', 'B', n || '@example.com', ${monday}, ${monday}, 'email', 30.2713, -97.7426,
      '{en}', ${['TX', ...states]}::text[]
    from generate_series(1, ${count}::integer) n
    returning npn`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, state, ${monday}, 2027 from agents, unnest(states_wanted) state where npn::integer > 900000`.execute(
    db,
  );
  await asOwner({ ownerUrl }, 'analyze');
  return rows.map(({ npn }) => npn);
}

/** Gives each of these agents an offer that waits for an answer. */
export async function occupyAgents(
  { db, ownerUrl }: Pick<ActivityHarness, 'db' | 'ownerUrl'>,
  npns: readonly string[],
): Promise<void> {
  await sql`
    with occupied as (
      insert into referrals (id, stage, since, zip, city, state, time_zone, language, interpreter, coverage_year, need,
        token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version, created_at)
      select gen_random_uuid(), 'offering', ${monday}, '78701', 'Austin', 'TX', 'America/Chicago', 'en', false, 2027,
        'renew', '-', 'of ' || npn, '-', ${monday}, '-', ${monday} from unnest(${npns}::text[]) npn
      returning id, idempotency_key_sha256
    )
    insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, policy_version)
    select gen_random_uuid(), id, substr(idempotency_key_sha256, 4), 1, '1000', ${monday}, ${monday}, '-' from occupied`.execute(
    db,
  );
  // the entries that the agents had while they were free are gone after a vacuum, as they are on a running service
  await asOwner({ ownerUrl }, 'vacuum analyze');
}
