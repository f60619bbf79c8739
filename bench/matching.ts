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
/** Offers made and declined before anything is measured: what they leave behind in the tables is part of the work. */
const offersBefore = 500;

/**
 * How choosing whom to ask among 100,000 agents, 15,000 of them in the busiest state, compares with reading one row by
 * its primary key, and with choosing among 1,000. It reads no table from end to end, and not many rows.
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
    { name: '', baseline: 'from end to end', value: many.scans, max: 0, unit: 'tables' },
    { name: '', baseline: 'in the middle', value: many.rows, max: 1_000, unit: 'index entries' },
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
  const asked = await requests(db, choices);
  const turns = await requests(db, 97);
  for (let turn = 0; turn < offersBefore; turn += 1) {
    const request = turns[turn % turns.length];
    if (request) await offerAndDecline(db, request, { limits, at: new Date(at.getTime() + turn) });
  }
  await sql`vacuum analyze`.execute(db);
  const before = await tableReads(db);
  const ms = await inOneTransaction(db, (tx) => timesOf(asked, (one) => choose(tx, one, limits)));
  const after = await tableReads(db);
  const npns = Array.from({ length: choices }, (_, index) => `${1 + ((index * 7919) % agents)}`);
  const keyMs = await inOneTransaction(db, (tx) =>
    timesOf(npns, (npn) =>
      tx.selectFrom('agents').select('npn').where('npn', '=', npn).executeTakeFirstOrThrow(),
    ),
  );
  const found = await inOneTransaction(db, (tx) => countRungs(tx, asked, limits));
  say(
    `${agents} agents: a choice in ${ms.toFixed(2)} ms, a primary-key read in ${keyMs.toFixed(2)} ms (medians); ${found}`,
  );
  return { ms, keyMs, scans: after.scans - before.scans, rows: (after.rows - before.rows) / choices };
}

type Asked = MatchRequest & { id: string; state: string };

const choose = (tx: Tx, one: Asked, limits: MatchLimits) => chooseAgent(tx, one, { at, limits });

/** The median of each one's time, in milliseconds, after as many that are not counted. */
async function timesOf<One>(all: readonly One[], work: (one: One) => Promise<unknown>): Promise<number> {
  for (const one of all.slice(0, 50)) await work(one);
  const times: number[] = [];
  for (const one of all) {
    const startedAt = performance.now();
    await work(one);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

/** Choosing is part of a transaction that writes; its commit is not the choice. */
async function inOneTransaction<Result>(db: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(work);
}

async function countRungs(tx: Tx, all: readonly Asked[], limits: MatchLimits): Promise<string> {
  const counts = new Map<string, number>();
  for (const one of all) {
    const rung = (await choose(tx, one, limits))?.rung ?? 'nobody';
    counts.set(rung, (counts.get(rung) ?? 0) + 1);
  }
  return [...counts].map(([rung, count]) => `${rung} ${count}`).join(', ');
}

async function offerAndDecline(
  db: Database,
  request: Asked,
  { limits, at: when }: { limits: MatchLimits; at: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const chosen = await chooseAgent(tx, request, { at: when, limits });
    if (!chosen) return;
    await tx.updateTable('agents').set({ lastOfferedAt: when }).where('npn', '=', chosen.npn).execute();
  });
}

/** How often the tables that a choice reads were read from end to end, and how many index entries were. */
async function tableReads(db: Database): Promise<{ scans: number; rows: number }> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ scans: number; rows: number }>`
    select sum(seq_scan)::integer as scans,
      (select sum(idx_tup_read)::integer from pg_stat_user_indexes where relname = any (${tablesRead}::text[])) as rows
    from pg_stat_user_tables where relname = any (${tablesRead}::text[])`.execute(db);
  return rows[0] ?? { scans: Number.NaN, rows: Number.NaN };
}
const tablesRead = ['lineup', 'agents'];

/** Requests of the busiest state, from anywhere in it. */
async function requests(db: Database, count: number): Promise<Asked[]> {
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
 * Agents by the ZIPs of their states, more of them where there are more ZIPs; a third was never asked, a quarter is off
 * duty, a twentieth has an unanswered offer. Each serves the state at home, and some serve three more.
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
      languages, states_wanted, last_offered_at, duty_from)
    select n::text, 'A', 'B', n || '@example.com', ${at}, ${at}, 'email', p.lat, p.lon,
      case when n % 100 = 0 then '{vi}' when n % 7 = 0 then '{en,es}' else '{en}' end::text[],
      case when n % 4 = 0 then array[p.state, 'FL', 'OH', 'UT'] else array[p.state] end,
      case when n % 3 = 0 then null else ${at}::timestamptz - (n * 7919 % 900000) * interval '1 second' end,
      case when n % 4 = 1 then 'infinity'::timestamptz else '-infinity' end
    from people join places p using (is_busiest, number)`.execute(db);
  // all at once is told to the lines once, when Postgres knows how large the tables are
  await sql`alter table serving disable trigger lines_follow_begin`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, s, ${at}::timestamptz - interval '1 day', 2027 from agents, unnest(states_wanted) s
    group by npn, s`.execute(db);
  await sql`alter table serving enable trigger lines_follow_begin`.execute(db);
  await sql`analyze`.execute(db);
  await sql`select line_up(array(select npn::text from agents))`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
