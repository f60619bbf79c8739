import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { MatchRequest } from '../domain/matching/matching.ts';
import type { Database } from '../store/database/connection.ts';

/** The instant of everything inserted. */
export const at = new Date('2026-11-23T15:00:00Z');
/** The state with the most agents, and their share. */
export const busiest = { state: 'TX', share: 0.15 };

export type SampleRequest = MatchRequest & { id: string; zip: string };

/** Builds requests from random ZIPs of the busiest state. */
export async function createRequests(db: Database, count: number): Promise<SampleRequest[]> {
  const { rows } = await sql<{ zip: string; lat: number; lon: number }>`
    select zip, lat, lon from zips where state = ${busiest.state} and lat is not null
    order by md5(zip || 'requests') limit ${count}`.execute(db);
  const languages = ['en', 'en', 'en', 'en', 'en', 'en', 'en', 'es', 'es', 'vi'];
  return rows.map((position, index) => ({
    ...position,
    id: randomUUID(),
    state: busiest.state,
    language: languages[index % languages.length] ?? 'en',
    interpreter: index % 3 === 0,
  }));
}

/** Inserts agents with their candidate index, as `insertServingAgents`. */
export async function insertAgents(db: Database, agents: number): Promise<void> {
  await insertServingAgents(db, agents);
  await fillCandidateIndex(db);
  await sql`vacuum analyze`.execute(db);
}

/**
 * Inserts agents at random ZIPs. A third never had an offer, and a quarter are unavailable. Each serves the home state and
 * four more, none of which is the busiest.
 */
export async function insertServingAgents(db: Database, agents: number): Promise<void> {
  await sql`
    with places as materialized (
      select lat, lon, state, state = ${busiest.state} as is_busiest,
        row_number() over (partition by state = ${busiest.state} order by md5(zip)) as number
      from zips where lat is not null
    ), totals as materialized (
      select is_busiest, count(*) as total from places group by is_busiest
    ), others as materialized (
      select array_agg(distinct state order by state) as states from zips
      where lat is not null and state <> ${busiest.state}
    ), people as materialized (
      select n, is_busiest, 1 + (n::bigint * 104729) % total as number
      from generate_series(1, ${agents}::integer) n join totals on is_busiest = (n % 100 < ${busiest.share * 100})
    )
    insert into agents (npn, first_name, last_name, email, synced_at, registered_at, contact_preference, lat, lon,
      languages, states_wanted, last_offered_at, available_from)
    select n::text, 'Agent', 'No' || n, n || '@example.com', ${at}, ${at}, 'email', p.lat, p.lon,
      case when n % 100 = 0 then '{vi}' when n % 7 = 0 then '{en,es}' else '{en}' end::text[],
      array(select s from (
          select distinct s from unnest(array[p.state] || array(
            select states[1 + (n * 31 + k * 11) % cardinality(states)] from others, generate_series(0, 5) k)) s) d
        order by (s = p.state) desc, s limit 5),
      case when n % 3 = 0 then null else ${at}::timestamptz - (n * 7919 % 900000) * interval '1 second' end,
      case when n % 4 = 1 then 'infinity'::timestamptz else '-infinity' end
    from people join places p using (is_busiest, number)`.execute(db);
  // the candidate index is built once at the end, after `analyze`, instead of row by row by the trigger
  await sql`alter table serving disable trigger serving_added`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, s, ${at}::timestamptz - interval '1 day', 2027 from agents, unnest(states_wanted) s
`.execute(db);
  await sql`alter table serving enable trigger serving_added`.execute(db);
  await sql`analyze`.execute(db);
}

/** Agents in one refresh. */
const pageSize = 1_000;

/** Fills the candidate index by pages, as reviews do. A plan made for empty tables would read all rows for each agent. */
async function fillCandidateIndex(db: Database): Promise<void> {
  const { rows } = await sql<{ npn: string }>`select npn::text from agents order by npn`.execute(db);
  for (let from = 0; from < rows.length; from += pageSize) {
    const npns = rows.slice(from, from + pageSize).map(({ npn }) => npn);
    await sql`select refresh_candidates(${npns}::text[])`.execute(db);
    if (from === 0) await sql`analyze candidate_index, candidate_periods`.execute(db);
  }
}

/** Gives every agent of the busiest state an offer that waits for an answer. */
export async function occupyBusiestState(db: Database): Promise<void> {
  await sql`
    with occupied as (
      insert into referrals (id, stage, since, zip, city, state, time_zone, language, interpreter, coverage_year, need,
        token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version, created_at)
      select gen_random_uuid(), 'offering', ${at}, '78701', 'Austin', ${busiest.state}, 'America/Chicago', 'en', false,
        2027, 'renew', '-', 'of ' || npn, '-', ${at}, '-', ${at} from serving where state = ${busiest.state}
      returning id, idempotency_key_sha256
    )
    insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, policy_version)
    select gen_random_uuid(), id, substr(idempotency_key_sha256, 4), 1, '1000', ${at}, ${at}, '-' from occupied`.execute(
    db,
  );
  await sql`vacuum analyze`.execute(db);
}

/** Inserts referrals that wait for an agent of the busiest state. */
export async function insertWaiting(db: Database, count: number): Promise<void> {
  await sql`
    insert into referrals (id, stage, since, zip, city, state, time_zone, language, interpreter, coverage_year, need,
      token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version, created_at)
    select gen_random_uuid(), 'queued', ${at}, '78701', 'Austin', ${busiest.state}, 'America/Chicago', 'en', false, 2027,
      'renew', '-', 'waits ' || n, '-', ${at}, '-', ${at} from generate_series(1, ${count}::integer) n`.execute(
    db,
  );
}

/** Sets agents who are available to begin now, as the hours of many do at nine. */
export async function endHoursUntilNow(db: Database, agents: number): Promise<void> {
  await sql`
    update agents set available_from = ${at}, availability_changes_at = ${at}
    where npn in (select npn from agents where available_from = '-infinity' order by npn limit ${agents})`.execute(
    db,
  );
  await sql`vacuum analyze`.execute(db);
}
