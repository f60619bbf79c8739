import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { MatchLimits, MatchRequest } from '../domain/matching/matching.ts';
import { readSettings } from '../runtime/settings.ts';
import type { Database, Tx } from '../store/database/connection.ts';
import { chooseAgent } from '../store/matching/candidates.ts';
import { type Figure, median, type Say } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

const at = new Date('2026-11-23T15:00:00Z');
const busiest = { state: 'TX', share: 0.15 };
const choices = 401;
/** Offers made and declined before the measurement, because the dead rows that they leave are part of the real work. */
const offersBefore = 500;

/**
 * Compares choosing an agent among 100,000, 15,000 of them in the busiest state, with reading one row by its primary key
 * and with choosing among 1,000. Also counts sequential scans and index entries read.
 */
export async function measureMatching(say: Say, signal: AbortSignal): Promise<Figure[]> {
  const few = await onBench(signal, (bench) => measureChoosing(bench, 1_000, say));
  const many = await onBench(signal, (bench) => measureChoosing(bench, 100_000, say));
  return [
    {
      name: 'choice among 100,000 agents',
      baseline: 'a primary-key read',
      value: many.ms / many.keyMs,
      max: 10,
      unit: 'times',
    },
    { name: '', baseline: 'a choice among 1,000', value: many.ms / few.ms, max: 2, unit: 'times' },
    { name: '', baseline: 'read sequentially', value: many.scans, max: 0, unit: 'tables' },
    { name: '', baseline: 'read per choice', value: many.rows, max: 1_000, unit: 'index entries' },
  ];
}

interface Measured {
  ms: number;
  keyMs: number;
  scans: number;
  rows: number;
}

async function measureChoosing({ db, url }: Bench, agents: number, say: Say): Promise<Measured> {
  const { policy: limits } = readSettings({ DATABASE_URL: url }, 'bench');
  await insertAgents(db, agents);
  const measured = await createRequests(db, choices);
  const earlier = await createRequests(db, 97);
  for (let offer = 0; offer < offersBefore; offer += 1) {
    const request = earlier[offer % earlier.length];
    if (request) await offerAndDecline(db, request, { limits, at: new Date(at.getTime() + offer) });
  }
  await sql`vacuum analyze`.execute(db);
  const before = await tableReads(db);
  const ms = await inOneTransaction(db, (tx) =>
    medianMsOf(measured, (request) => choose(tx, request, limits)),
  );
  const after = await tableReads(db);
  const npns = Array.from({ length: choices }, (_, index) => `${1 + ((index * 7919) % agents)}`);
  const keyMs = await inOneTransaction(db, (tx) =>
    medianMsOf(npns, (npn) =>
      tx.selectFrom('agents').select('npn').where('npn', '=', npn).executeTakeFirstOrThrow(),
    ),
  );
  const found = await inOneTransaction(db, (tx) => countRungs(tx, measured, limits));
  say(
    `${agents} agents: a choice in ${ms.toFixed(2)} ms, a primary-key read in ${keyMs.toFixed(2)} ms (medians); ${found}`,
  );
  return { ms, keyMs, scans: after.scans - before.scans, rows: (after.rows - before.rows) / choices };
}

type SampleRequest = MatchRequest & { id: string; state: string };

const choose = (tx: Tx, request: SampleRequest, limits: MatchLimits) =>
  chooseAgent(tx, request, { at, limits });

/** Runs the work for each item, after a warm-up with the first 50. @returns the median time in milliseconds */
async function medianMsOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  for (const item of items.slice(0, 50)) await work(item);
  const times: number[] = [];
  for (const item of items) {
    const startedAt = performance.now();
    await work(item);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

/** Runs all choices in one transaction, so that commits are not measured. */
async function inOneTransaction<Result>(db: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(work);
}

async function countRungs(tx: Tx, requests: readonly SampleRequest[], limits: MatchLimits): Promise<string> {
  const counts = new Map<string, number>();
  for (const request of requests) {
    const rung = (await choose(tx, request, limits))?.rung ?? 'nobody';
    counts.set(rung, (counts.get(rung) ?? 0) + 1);
  }
  return [...counts].map(([rung, count]) => `${rung} ${count}`).join(', ');
}

async function offerAndDecline(
  db: Database,
  request: SampleRequest,
  { limits, at: when }: { limits: MatchLimits; at: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const chosen = await chooseAgent(tx, request, { at: when, limits });
    if (!chosen) return;
    await tx.updateTable('agents').set({ lastOfferedAt: when }).where('npn', '=', chosen.npn).execute();
  });
}

/** Reads Postgres's statistics of the tables that a choice reads: sequential scans and index entries read. */
async function tableReads(db: Database): Promise<{ scans: number; rows: number }> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ scans: number; rows: number }>`
    select sum(seq_scan)::integer as scans,
      (select sum(idx_tup_read)::integer from pg_stat_user_indexes where relname = any (${tablesRead}::text[])) as rows
    from pg_stat_user_tables where relname = any (${tablesRead}::text[])`.execute(db);
  return rows[0] ?? { scans: Number.NaN, rows: Number.NaN };
}
const tablesRead = ['candidate_index', 'agents'];

/** Builds requests from random ZIPs of the busiest state. */
async function createRequests(db: Database, count: number): Promise<SampleRequest[]> {
  const { rows } = await sql<{ lat: number; lon: number }>`
    select lat, lon from zips where state = ${busiest.state} and lat is not null
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

/**
 * Inserts agents at random ZIPs. A third never had an offer, and a quarter are unavailable. Each serves the home state, and
 * a quarter serve three more.
 */
async function insertAgents(db: Database, agents: number): Promise<void> {
  await sql`
    with places as materialized (
      select lat, lon, state, state = ${busiest.state} as is_busiest,
        row_number() over (partition by state = ${busiest.state} order by md5(zip)) as number
      from zips where lat is not null
    ), totals as materialized (
      select is_busiest, count(*) as total from places group by is_busiest
    ), people as materialized (
      select n, is_busiest, 1 + (n::bigint * 104729) % total as number
      from generate_series(1, ${agents}::integer) n join totals on is_busiest = (n % 100 < ${busiest.share * 100})
    )
    insert into agents (npn, first_name, last_name, email, synced_at, registered_at, contact_preference, lat, lon,
      languages, states_wanted, last_offered_at, available_from)
    select n::text, 'A', 'B', n || '@example.com', ${at}, ${at}, 'email', p.lat, p.lon,
      case when n % 100 = 0 then '{vi}' when n % 7 = 0 then '{en,es}' else '{en}' end::text[],
      case when n % 4 = 0 then array[p.state, 'FL', 'OH', 'UT'] else array[p.state] end,
      case when n % 3 = 0 then null else ${at}::timestamptz - (n * 7919 % 900000) * interval '1 second' end,
      case when n % 4 = 1 then 'infinity'::timestamptz else '-infinity' end
    from people join places p using (is_busiest, number)`.execute(db);
  // the candidate index is built once at the end, after `analyze`, instead of row by row by the trigger
  await sql`alter table serving disable trigger serving_added`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, s, ${at}::timestamptz - interval '1 day', 2027 from agents, unnest(states_wanted) s
    group by npn, s`.execute(db);
  await sql`alter table serving enable trigger serving_added`.execute(db);
  await sql`analyze`.execute(db);
  await sql`select refresh_candidates(array(select npn::text from agents))`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
