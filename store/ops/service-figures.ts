import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** A period: from an instant until before another one. */
export interface Span {
  from: Date;
  until: Date;
}

/** How the offers of a period were distributed and answered, in a state or by one agent in it. */
export interface Fairness {
  state: string;
  /** Null: all agents of the state. */
  npn: string | null;
  /** Hours in which the agents were available, all together. */
  availableHours: number;
  offers: number;
  accepted: number;
  declined: number;
  expired: number;
  unreachable: number;
  /** Median time to accept or decline; null without answers. */
  medianAnswerSeconds: number | null;
}

/** Requests of a period by state, language and local hour of the day, and the unmatched ones among them. */
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
  /** The current instant, which ends a period that is not over. */
  now: Date;
}

/** Reads the figures of each state that had an offer or an available agent in the period. */
export function fairnessOfStates(tx: Tx, asked: FiguresQuery): Promise<Fairness[]> {
  return fairness(tx, { ...asked, each: 'state', limit: 100 });
}

/** Reads the figures of agents by state, the fewest offers an hour first, so that neglected agents come first. */
export function fairnessOfAgents(tx: Tx, asked: FiguresQuery & { limit: number }): Promise<Fairness[]> {
  return fairness(tx, { ...asked, each: 'agent' });
}

async function fairness(
  tx: Tx,
  { from, until, state, npn, now, each, limit }: FiguresQuery & { each: 'state' | 'agent'; limit: number },
): Promise<Fairness[]> {
  const npnOrNull = each === 'agent' ? sql`npn` : sql`null::text`;
  const filter = sql`(${state ?? null}::text is null or state = ${state ?? null})
    and (${npn ?? null}::text is null or npn = ${npn ?? null})`;
  const end = now < until ? now : until;
  const { rows } = await sql<Fairness>`
    with hours as (
      select state, ${npnOrNull} as npn,
             sum(extract(epoch from least(coalesce(until_at, ${end}), ${end}) - greatest(from_at, ${from}))) / 3600 as hours
      from candidate_periods
      where from_at < ${end} and (until_at is null or until_at > ${from}) and ${filter}
      group by 1, 2
    ), answers as (
      select state, ${npnOrNull} as npn, count(*)::integer as offers,
             count(*) filter (where answer = 'accepted')::integer as accepted,
             count(*) filter (where answer = 'declined')::integer as declined,
             count(*) filter (where answer = 'expired')::integer as expired,
             count(*) filter (where answer = 'unreachable')::integer as unreachable,
             percentile_cont(0.5) within group (order by answer_seconds) as median
      from offer_answers
      where offered_at >= ${from} and offered_at < ${until} and ${filter}
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

/** Reads the requests by state, language and hour, the most unmatched first. */
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
