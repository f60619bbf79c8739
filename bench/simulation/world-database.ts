import { sql } from 'kysely';
import { weekdays } from '../../domain/agents/availability.ts';
import type { Database } from '../../store/database/connection.ts';
import { clockSearchPath, createClock } from '../../store/database/given-clock.ts';
import type { World, WorldAgent, WorldRequest } from './world.ts';

/** Rows of one statement. */
const pageSize = 2_000;

/**
 * Writes a world into a migrated database: agents who are active and whose hours have not begun, and requests that wait to be
 * confirmed.
 */
export async function fillDatabase(db: Database, { startsAt, agents, requests }: World): Promise<void> {
  for (const page of pagesOf(agents)) await insertAgents(db, page, startsAt);
  for (const page of pagesOf(requests)) await insertRequests(db, page);
  // a trigger has dated them with the clock of the machine
  await sql`update candidate_periods set from_at = ${startsAt}`.execute(db);
  // tables that are still empty keep what Postgres assumes of them
  await sql`analyze agents, serving, availability_hours, candidate_index, candidate_periods, referrals, consents,
    consumer_contacts, contact_keys`.execute(db);
}

/** Has Postgres count the rows that a simulation adds, and plan its queries anew: its own turn to do so comes by real time. */
export async function analyzeGrowth(db: Database): Promise<void> {
  await sql`analyze offers, events, notices, deliveries, outbox, match_decisions, referrals, candidate_index`.execute(
    db,
  );
}

/**
 * Gives a database the virtual clock: `now()` is what a connection has set (`setNow`), in every query, trigger and function.
 * Every message arrives as soon as its transaction commits.
 */
export async function installVirtualClock(db: Database): Promise<void> {
  await createClock(db);
  await sql`do $$ begin
    execute format('alter database %I set search_path = ${sql.raw(clockSearchPath)}', current_database());
  end $$`.execute(db);
  await sql`create function given_clock.deliver() returns trigger language plpgsql
    as $$ begin update deliveries set status = 'delivered' where id = new.id; return null; end $$`.execute(
    db,
  );
  // an activity still returns what has to be sent
  await sql`create constraint trigger delivered_with_the_commit after insert on deliveries
    deferrable initially deferred for each row execute function given_clock.deliver()`.execute(db);
}

function pagesOf<Row>(rows: readonly Row[]): Row[][] {
  const pages: Row[][] = [];
  for (let first = 0; first < rows.length; first += pageSize) pages.push(rows.slice(first, first + pageSize));
  return pages;
}

async function insertAgents(db: Database, agents: readonly WorldAgent[], startsAt: Date): Promise<void> {
  const rows = agents.map(({ hours, ...agent }) => ({
    ...agent,
    isAlways: !weekdays.some((day) => hours[day]),
  }));
  await sql`
    insert into agents (npn, first_name, last_name, email, synced_at, registered_at, contact_preference, phone,
      phone_confirmed_at, phone_line_type, lat, lon, time_zone, languages, states_wanted, available_from, available_until,
      availability_changes_at)
    select npn, 'Agent', npn, npn || '@example.com', ${startsAt}, ${startsAt}, "contactPreference", '+1' || lpad(npn, 10, '0'),
      ${startsAt}, 'mobile', lat, lon, "timeZone", languages, states,
      case when "isAlways" then '-infinity'::timestamptz else 'infinity' end, 'infinity',
      case when "isAlways" then null else ${startsAt}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as agent (npn text, lat float8, lon float8, "timeZone" text,
      languages text[], states text[], "contactPreference" text, "isAlways" boolean)`.execute(db);
  const hours = agents.flatMap(({ npn, hours: ofWeek }) =>
    weekdays.flatMap((day, index) =>
      (ofWeek[day] ?? []).map((part) => ({ npn, weekday: index + 1, ...part })),
    ),
  );
  await sql`
    insert into availability_hours (npn, weekday, from_time, until_time)
    select npn, weekday, "from", until from jsonb_to_recordset(${JSON.stringify(hours)}::jsonb)
      as part (npn text, weekday smallint, "from" text, until text)`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, state, ${startsAt}::timestamptz - interval '1 day', 2027 from agents, unnest(states_wanted) state
    where npn = any(${agents.map(({ npn }) => npn)}::text[])`.execute(db);
}

async function insertRequests(db: Database, requests: readonly WorldRequest[]): Promise<void> {
  await sql`
    with request as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(requests)}::jsonb) as request (id uuid, at timestamptz, zip text,
        city text, state text, lat float8, lon float8, "timeZone" text, language text, interpreter boolean)
    ), referral as (
      insert into referrals (id, stage, since, created_at, zip, city, state, lat, lon, time_zone, language, interpreter,
        coverage_year, need, token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version, delete_at)
      select id, 'unconfirmed', at, at, zip, city, state, lat, lon, "timeZone", language, interpreter, 2027, 'renew', id, id,
        id, at, '-', at from request
    ), encrypted as (
      insert into referral_keys (referral_id, wrapped_key, master_key_id, created_at) select id, '', '-', at from request
    ), contact as (
      -- nothing is sent, so nobody reads it
      insert into consumer_contacts (referral_id, name, email) select id, '', '' from request
    ), key as (
      insert into contact_keys (referral_id, channel, key, confirmed_at) select id, 'email', id, at from request
    )
    insert into consents (referral_id, kind, language, version, given_by, given_at)
    select id, 'intake', words.language, words.version, 'adult', at
    from request, (select language, version from consent_documents where kind = 'intake' and language = 'en'
      order by effective_at desc limit 1) words`.execute(db);
}
