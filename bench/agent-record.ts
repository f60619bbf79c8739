import { sql } from 'kysely';
import { mostLatest } from '../domain/matching/unoffered.ts';
import { defaultPolicy } from '../domain/policy.ts';
import { figuresSince } from '../domain/referrals/agent-figures.ts';
import type { Database } from '../store/database/connection.ts';
import { readUnofferedReferrals } from '../store/referrals/matching/unoffered-referrals.ts';
import { countAgentMedians, readAgentFigures } from '../store/referrals/offers/agent-figures.ts';
import { readOfferHistory } from '../store/referrals/offers/offer-history.ts';
import { type Figure, medianMsOf, type Say, secondsOf } from './figures.ts';
import { at, insertServingAgents } from './matching-sample.ts';
import { type Bench, onBench } from './postgres.ts';

const agents = 170_000;
const requests = 50_000;
const rounds = Array.from({ length: 11 }, (_, index) => index);

/** An agent of five states, one of them the busiest, and one who serves every state. */
const [ofFiveStates, ofAllStates] = ['4', '5'];
const contactWithinMs = defaultPolicy.followUpWindowMs;

/**
 * Measures the pages of an agent's record among 170,000 agents with 5 states each and 50,000 requests of a month, which asked
 * three agents each.
 */
export async function measureAgentRecord(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onBench(signal, async ({ db }: Bench) => {
    await insertServingAgents(db, agents);
    await insertRecord(db);
    const countSeconds = await secondsOf(() =>
      db.transaction().execute((tx) => countAgentMedians(tx, { at, contactWithinMs })),
    );
    const five = await measureUnoffered(db, ofFiveStates);
    const all = await measureUnoffered(db, ofAllStates);
    const figuresMs = await medianMsOf(rounds, () =>
      readAgentFigures(db, { npn: ofAllStates, at, contactWithinMs }),
    );
    const historyMs = await medianMsOf(rounds, () =>
      readOfferHistory(db, {
        npn: ofAllStates,
        filter: { place: 'nowhere' },
        after: undefined,
        size: 50,
        at,
      }),
    );
    say(
      `why not me: 5 states ${five.ms.toFixed(0)} ms, ${five.rows} rows read; all states ${all.ms.toFixed(0)} ms, ${all.rows} rows read; ` +
        `own figures ${figuresMs.toFixed(1)} ms; history of 3,000 offers searched in vain ${historyMs.toFixed(1)} ms; ` +
        `medians counted in ${countSeconds.toFixed(1)} s`,
    );
    const goal = { baseline: 'the goal of 300 ms', unit: 'times', max: 1 };
    return [
      { ...goal, name: 'why not me, an agent of 5 states', value: five.ms / 300 },
      { name: '', baseline: 'read of requests and searches', value: five.rows, max: 75_000, unit: 'rows' },
      {
        name: 'why not me, an agent of all states',
        baseline: 'a second',
        unit: 'times',
        value: all.ms / 1000,
        max: 1,
      },
      { ...goal, name: 'own figures', value: figuresMs / 300 },
      { ...goal, name: 'history searched in vain', value: historyMs / 300 },
      {
        name: 'medians of all agents',
        baseline: 'counted every six hours',
        value: countSeconds,
        max: 20,
        unit: 'seconds',
      },
    ];
  });
}

async function measureUnoffered(db: Database, npn: string): Promise<{ ms: number; rows: number }> {
  const asked = { npn, since: figuresSince(at), latest: mostLatest };
  const read = () => db.transaction().execute((tx) => readUnofferedReferrals(tx, asked));
  await read();
  const before = await rowsRead(db);
  await read();
  const rows = (await rowsRead(db)) - before;
  return { ms: await medianMsOf(rounds, read), rows };
}

/** Rows of requests and searches that Postgres has read so far. */
async function rowsRead(db: Database): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ read: number }>`
    select sum(seq_tup_read + idx_tup_fetch)::integer as read from pg_stat_user_tables
    where relname in ('referrals', 'match_decisions')`.execute(db);
  return rows[0]?.read ?? Number.NaN;
}

/** Inserts the requests of a month, each with three searches and offers to random agents of its state, and who was a candidate when. */
async function insertRecord(db: Database): Promise<void> {
  await sql`update agents set states_wanted = (select array_agg(distinct state) from zips where lat is not null)
    where npn = ${ofAllStates}`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, s, ${at}::timestamptz - interval '60 days', 2027 from agents, unnest(states_wanted) s
    where npn = ${ofAllStates} on conflict do nothing`.execute(db);
  await sql`
    insert into candidate_periods (npn, state, from_at, until_at)
    select npn, state, ${at}::timestamptz - interval '60 days', null from serving
    where npn not in (${ofFiveStates}, ${ofAllStates})
    on conflict do nothing`.execute(db);
  // the agents who are looked at have hours, which begin and end twice a day
  await sql`delete from candidate_periods where npn in (${ofFiveStates}, ${ofAllStates})`.execute(db);
  await sql`
    insert into candidate_periods (npn, state, from_at, until_at)
    select npn, state, t, t + interval '4 hours' from serving, generate_series(
      ${at}::timestamptz - interval '365 days', ${at}, interval '12 hours') t
    where npn in (${ofFiveStates}, ${ofAllStates})`.execute(db);
  await sql`
    insert into referrals (id, stage, since, zip, city, state, lat, lon, time_zone, language, interpreter, coverage_year,
      need, token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version, created_at, outcome)
    select gen_random_uuid(), 'closed', ${at}, zip, city, state, lat, lon, 'America/Chicago',
      (array['en', 'en', 'en', 'en', 'en', 'en', 'es', 'es', 'vi', 'zh'])[1 + n % 10], n % 3 = 0, 2027, 'renew', '-',
      'of ' || n, '-', ${at}, '-', ${at}::timestamptz - n * interval '30 days' / ${requests}::integer,
      case when n % 2 = 0 then 'enrolled' else 'not-a-good-prospect' end
    from (select n, 1 + (n::bigint * 104729) % (select count(*) from zips where lat is not null) as number
      from generate_series(1, ${requests}::integer) n) s
    join (select *, row_number() over (order by md5(zip)) as number from zips where lat is not null) z using (number)`.execute(
    db,
  );
  await sql`
    with people as materialized (
      select state, npn, row_number() over (partition by state order by md5(npn)) as number from serving
    ), totals as materialized (select state, count(*) as total from people group by state),
    asked as materialized (
      select r.id, r.created_at, k, p.npn, r.created_at + k * interval '10 minutes' as at
      from referrals r join totals t on t.state = r.state cross join generate_series(1, 3) k
      join people p on p.state = r.state
        and p.number = 1 + (('x' || substr(md5(r.id::text || k), 1, 8))::bit(32)::bigint % t.total)
    ), searches as (
      insert into match_decisions (referral_id, at, asked, npn, rung, limits, policy_version)
      select id, at, k - 1, npn, 'farther',
        '{"nearMiles": 25, "fartherMiles": 100, "openOffersPerAgent": 1, "uncontactedReferralsPerAgent": 3}', '-'
      from asked
    )
    insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, policy_version, accepted_at,
      contact_due_at, contacted_at, ended_at, ended_as)
    select gen_random_uuid(), id, npn, k, '1000', at, at + interval '15 minutes', '-',
      case when k = 3 then at + interval '3 minutes' end, case when k = 3 then at + interval '63 minutes' end,
      case when k = 3 then at + interval '30 minutes' end, at + interval '10 minutes' * (case when k = 3 then 60 else 1 end),
      case when k = 3 then 'closed' when k = 2 then 'declined' else 'expired' end
    from asked`.execute(db);
  await sql`update offers set npn = ${ofAllStates} where number = 1 and id in (
    select id from offers where number = 1 order by id limit 3000)`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
