import { type RawBuilder, sql } from 'kysely';
import { type UnofferedReason, unofferedReasons } from '../../../domain/matching/unoffered.ts';
import type { Need } from '../../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../../domain/stages.ts';
import type { Tx } from '../../database/connection.ts';
import { agentFactsSql } from './past-agent-facts.ts';
import { placeOfReason, searchesSql } from './unoffered-rules.ts';

/** A request that was not offered to an agent, and nothing that could tell whose it was. */
export interface UnofferedReferral {
  /** The hour in which it came, ISO text. */
  hour: string;
  state: string;
  /** Null: a language that the agent does not speak. */
  language: string | null;
  need: Need;
  reason: UnofferedReason;
  /** How many agents were asked. */
  asked: number;
}

/** The requests in an agent's states: counts by day and reason, and the latest ones that were not offered to them. */
export interface UnofferedReferrals {
  states: string[];
  /** Since when requests were looked through. */
  since: Date;
  /** In which the days are. */
  timeZone: string;
  counts: { day: string; reason: UnofferedReason | 'offered'; requests: number }[];
  latest: UnofferedReferral[];
}

interface Asked {
  npn: string;
  since: Date;
}

/** Stages in which the search is not over, so that the agent may still be asked. */
const searching = ['unconfirmed', 'queued', 'offering'] as const satisfies ReferralStage[];

/** Most requests that are looked through: those of a month in a usual one. Of a busier month it is the latest days. */
const mostRequests = 50_000;

/** Time zone of the days of an agent without one. */
const defaultTimeZone = 'America/New_York';

/**
 * Reads why requests since an instant were not offered to an agent, in the states that they serve or want. Of the searches
 * for one request the one counts that came closest to them. What was when it is read as it was at the search, but for language,
 * place and channels, which are as they are now. Reads the latest 50,000 requests in the order of their index, and the searches
 * of those in the states by their key; the agent's own facts are put together once. The caller has a
 * transaction of its own for it.
 */
export async function readUnofferedReferrals(
  tx: Tx,
  asked: Asked & { latest: number },
): Promise<UnofferedReferrals> {
  const { states, timeZone } = await readOwnStates(tx, asked.npn);
  // by its cost the query would be worth compiling, which takes longer than it does; a bitmap for three searches costs more than
  // reading them in turn; a month of requests fits into memory; and a plan for any states takes minutes for all of them
  await sql`select set_config('jit', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('work_mem', '32MB', true), set_config('plan_cache_mode', 'force_custom_plan', true)`.execute(
    tx,
  );
  const { rows } = await sql<Pick<UnofferedReferrals, 'counts' | 'latest' | 'since'>>`
    with ${agentFactsSql({ ...asked, states })}, recent as materialized (
      select id, created_at, state, zip, lat, lon, language, interpreter, need, stage from referrals
      where created_at >= ${asked.since} order by created_at desc limit ${mostRequests}
    ), requests as materialized (
      ${judgedRequests(asked.npn, states)}
    ), latest as (
      select * from requests where not was_offered order by created_at desc, id limit ${asked.latest}
    )
    select
      (select case when count(*) < ${mostRequests} then ${asked.since}::timestamptz else min(created_at) end
        from recent) as since,
      (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from (
        select (created_at at time zone ${timeZone})::date as day,
          case when was_offered then 'offered' else (${reasonsSql})[reason] end as reason, count(*) as requests
        from requests group by 1, 2) c) as counts,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'hour', to_char(date_trunc('hour', created_at at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'state', state, 'language', case when is_spoken then language end, 'need', need,
          'reason', (${reasonsSql})[reason], 'asked', (select count(*) from offers o
            where o.referral_id = l.id and o.ended_as is distinct from 'taken'))
          order by created_at desc, id), '[]') from latest l) as latest`.execute(tx);
  if (!rows[0]) throw new Error('An answer is one row');
  return { states, timeZone, ...rows[0] };
}

const reasonsSql = sql`${[...unofferedReasons]}::text[]`;

/** Reads the states that an agent serves or wants, and their time zone. */
async function readOwnStates(tx: Tx, npn: string): Promise<{ states: string[]; timeZone: string }> {
  const { rows } = await sql<{ states: string[]; timeZone: string | null }>`
    select a.time_zone, array(
      select unnest(a.states_wanted) union select state from serving where npn = a.npn order by 1) as states
    from agents a where a.npn = ${npn}`.execute(tx);
  return { states: rows[0]?.states ?? [], timeZone: rows[0]?.timeZone ?? defaultTimeZone };
}

/** SQL: the requests whose search is over, each with its reason as a place in the list of reasons. */
function judgedRequests(npn: string, states: readonly string[]): RawBuilder<unknown> {
  return sql`
    select r.id, r.created_at, r.state, r.language, r.need, r.language = any(a.languages) as is_spoken,
      own.referral_id is not null as was_offered, s.reason
    from recent r
    join agents a on a.npn = ${npn}
    cross join past
    left join (select distinct referral_id from own_offers) own on own.referral_id = r.id
    left join served v on v.state = r.state
    left join skipped l on l.kind = 'language' and l.value = r.language
    left join skipped z on z.kind = 'area' and z.value = left(r.zip, 3)
    cross join lateral (select miles_between(a.lat, a.lon, r.lat, r.lon) as miles offset 0) m
    cross join lateral (
      select max(${placeOfReason}) as reason
      from (${searchesSql}) d
    ) s
    where r.state = any(${[...states]}::text[]) and r.stage <> all(${[...searching]}::text[])
      and s.reason is not null`;
}
