import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** From an instant until before another one. */
export interface Span {
  from: Date;
  until: Date;
}

/** How the offers of a span were spread and answered, of a state or of one agent in it. */
export interface Fairness {
  state: string;
  /** Null: all agents of the state. */
  npn: string | null;
  /** How long they could have been asked, all together. */
  availableHours: number;
  offers: number;
  accepted: number;
  declined: number;
  expired: number;
  unreachable: number;
  /** Of those who accepted or declined; null where nobody did. */
  medianAnswerSeconds: number | null;
}

/** Requests of a span by state, language and the hour of the day in their place, and how many found nobody. */
export interface Demand {
  state: string;
  language: string;
  hour: number;
  requests: number;
  unmatched: number;
}

interface FiguresQuery extends Span {
  state?: string | undefined;
  npn?: string | undefined;
  /** At the end of a period that still runs, the present. */
  now: Date;
}

/** The figures of each state that had an offer or an agent on duty in the span. */
export function fairnessOfStates(tx: Tx, asked: FiguresQuery): Promise<Fairness[]> {
  return fairness(tx, { ...asked, each: 'state', limit: 100 });
}

/** The figures of agents, state by state, the fewest offers an hour first: whoever is passed over stands on top. */
export function fairnessOfAgents(tx: Tx, asked: FiguresQuery & { limit: number }): Promise<Fairness[]> {
  return fairness(tx, { ...asked, each: 'agent' });
}

async function fairness(
  tx: Tx,
  { from, until, state, npn, now, each, limit }: FiguresQuery & { each: 'state' | 'agent'; limit: number },
): Promise<Fairness[]> {
  const who = each === 'agent' ? sql`npn` : sql`null::text`;
  const about = sql`(${state ?? null}::text is null or state = ${state ?? null})
    and (${npn ?? null}::text is null or npn = ${npn ?? null})`;
  const end = now < until ? now : until;
  const { rows } = await sql<Fairness>`
    with hours as (
      select state, ${who} as npn,
             sum(extract(epoch from least(coalesce(until_at, ${end}), ${end}) - greatest(from_at, ${from}))) / 3600 as hours
      from candidate_periods
      where from_at < ${end} and (until_at is null or until_at > ${from}) and ${about}
      group by 1, 2
    ), answers as (
      select state, ${who} as npn, count(*)::integer as offers,
             count(*) filter (where answer = 'accepted')::integer as accepted,
             count(*) filter (where answer = 'declined')::integer as declined,
             count(*) filter (where answer = 'expired')::integer as expired,
             count(*) filter (where answer = 'unreachable')::integer as unreachable,
             percentile_cont(0.5) within group (order by answer_seconds) as median
      from offer_answers
      where offered_at >= ${from} and offered_at < ${until} and ${about}
      group by 1, 2
    )
    select coalesce(h.state, a.state) as state, coalesce(h.npn, a.npn) as npn,
           coalesce(h.hours, 0)::double precision as available_hours,
           coalesce(a.offers, 0) as offers, coalesce(a.accepted, 0) as accepted,
           coalesce(a.declined, 0) as declined, coalesce(a.expired, 0) as expired,
           coalesce(a.unreachable, 0) as unreachable, a.median as median_answer_seconds
    from hours h full join answers a on a.state = h.state and coalesce(a.npn, '') = coalesce(h.npn, '')
    order by coalesce(a.offers, 0) / nullif(coalesce(h.hours, 0), 0) nulls last, 1, 2
    limit ${limit}`.execute(tx);
  return rows;
}

/** Requests by state, language and hour, the most unmatched first. */
export async function demand(
  tx: Tx,
  { from, until, state, limit }: Span & { state?: string | undefined; limit: number },
): Promise<Demand[]> {
  const { rows } = await sql<Demand>`
    select state, language, hour, count(*)::integer as requests,
           count(*) filter (where is_unmatched)::integer as unmatched
    from request_ends
    where created_at >= ${from} and created_at < ${until}
      and (${state ?? null}::text is null or state = ${state ?? null})
    group by state, language, hour
    order by unmatched desc, requests desc, state, language, hour
    limit ${limit}`.execute(tx);
  return rows;
}
