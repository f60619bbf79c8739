import { type RawBuilder, sql } from 'kysely';
import {
  type AgentFigures,
  fewestAgents,
  figuresSince,
  mediansCountedSince,
} from '../../../domain/referrals/agent-figures.ts';
import type { OfferState } from '../../../domain/referrals/offer-history.ts';
import type { Tx } from '../../database/connection.ts';
import { becameSql } from './offer-history.ts';

/** The end of the days that are counted, and the time that an agent has for first contact. */
export interface FigurePeriod {
  at: Date;
  contactWithinMs: number;
}

/** An agent's own figures in one state, and the medians there, from the last count; null: too few agents. */
export interface FiguresOfState {
  state: string;
  own: AgentFigures;
  medians: { [Figure in keyof AgentFigures]: number | null } & { agents: number; countedAt: Date };
}

/**
 * Reads the figures of an agent in each state in which they had an offer or could have had one, the most offers first. Reads
 * the agent's own offers and one row a state.
 */
export async function readAgentFigures(
  tx: Tx,
  about: FigurePeriod & { npn: string },
): Promise<(Omit<FiguresOfState, 'medians'> & { medians: FiguresOfState['medians'] | null })[]> {
  const { rows } = await sql<{
    state: string;
    own: AgentFigures;
    medians: (AgentFigures & { agents: number; countedAt: string }) | null;
  }>`
    with own as (${figuresSql(about)})
    select own.state,
      json_build_object('offers', own.offers, 'answeredShare', own.answered_share, 'acceptedShare', own.accepted_share,
        'answerSeconds', own.answer_seconds, 'contactedInTimeShare', own.contacted_in_time_share,
        'enrolledShare', own.enrolled_share) as own,
      case when m.state is not null then json_build_object('offers', m.offers, 'answeredShare', m.answered_share,
        'acceptedShare', m.accepted_share, 'answerSeconds', m.answer_seconds,
        'contactedInTimeShare', m.contacted_in_time_share, 'enrolledShare', m.enrolled_share, 'agents', m.agents,
        'countedAt', m.counted_at) end as medians
    from own left join agent_medians m on m.state = own.state
    order by own.offers desc, own.state`.execute(tx);
  return rows.map(({ medians, ...row }) => ({
    ...row,
    medians: medians && { ...medians, countedAt: new Date(medians.countedAt) },
  }));
}

/** Reads how many of an agent's offers of these days became what, the most first. */
export async function readOwnEnds(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<{ became: OfferState; offers: number }[]> {
  const { rows } = await sql<{ became: OfferState; offers: number }>`
    select ${becameSql} as became, count(*)::integer as offers
    from offers o where o.npn = ${npn} and o.offered_at >= ${figuresSince(at)} group by 1 order by 2 desc, 1`.execute(
    tx,
  );
  return rows;
}

/** Returns whether the medians were counted lately. */
export async function areMediansCounted(tx: Tx, at: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('agentMedians')
    .select('state')
    .where('countedAt', '>=', mediansCountedSince(at))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Counts the medians of all agents of each state and replaces the last ones. Reads the offers of these days once, and the periods in
 * which agents were candidates. A figure to which fewer than ten agents contribute is null.
 */
export async function countAgentMedians(tx: Tx, period: FigurePeriod): Promise<void> {
  const medianOf = (figure: string) => sql`
    case when count(${sql.ref(figure)}) >= ${fewestAgents}
      then percentile_cont(0.5) within group (order by ${sql.ref(figure)}) end`;
  // compiling would take longer than the query, by whose cost it would be worth it
  await sql`select set_config('jit', 'off', true)`.execute(tx);
  await tx.deleteFrom('agentMedians').execute();
  await sql`
    insert into agent_medians (state, agents, offers, answered_share, accepted_share, answer_seconds,
      contacted_in_time_share, enrolled_share, counted_at)
    select state, count(*), ${medianOf('offers')}, ${medianOf('answered_share')}, ${medianOf('accepted_share')},
      ${medianOf('answer_seconds')}, ${medianOf('contacted_in_time_share')}, ${medianOf('enrolled_share')}, ${period.at}::timestamptz
    from (${figuresSql(period)}) figures group by state`.execute(tx);
}

/** SQL: the figures of agents by state, of one agent or of all, those who could have been asked and were not included. */
function figuresSql({ at, contactWithinMs, npn }: FigurePeriod & { npn?: string }): RawBuilder<unknown> {
  // a try that is reported moves the deadline of its row, and is no contact
  const dueAt = sql`case when o.attempts = 0 then o.contact_due_at
    else o.accepted_at + ${contactWithinMs}::float8 * interval '1 millisecond' end`;
  const since = figuresSince(at);
  const isTheirs = (column: string) => (npn === undefined ? sql`true` : sql`${sql.ref(column)} = ${npn}`);
  return sql`
    select coalesce(h.npn, p.npn) as npn, coalesce(h.state, p.state) as state, coalesce(h.offers, 0) as offers,
      h.answered / nullif(h.answerable, 0)::float8 as answered_share,
      h.accepted / nullif(h.answerable, 0)::float8 as accepted_share, h.answer_seconds,
      h.in_time / nullif(h.reached_or_lost, 0)::float8 as contacted_in_time_share,
      h.enrolled / nullif(h.ended, 0)::float8 as enrolled_share
    from (
      select o.npn, r.state, count(*)::integer as offers,
        count(*) filter (where o.accepted_at is not null or o.ended_as in ('declined', 'expired', 'unreachable'))
          as answerable,
        count(*) filter (where o.accepted_at is not null or o.ended_as = 'declined') as answered,
        count(o.accepted_at) as accepted,
        percentile_cont(0.5) within group (order by extract(epoch from
          coalesce(o.accepted_at, case when o.ended_as = 'declined' then o.ended_at end) - o.offered_at))
          as answer_seconds,
        count(*) filter (where o.contacted_at is not null or o.ended_as = 'silent') as reached_or_lost,
        count(*) filter (where o.contacted_at <= ${dueAt}) as in_time,
        count(*) filter (where o.contacted_at is not null and o.ended_at is not null) as ended,
        count(*) filter (where o.ended_as = 'closed' and r.outcome = 'enrolled') as enrolled
      from offers o join referrals r on r.id = o.referral_id
      where o.offered_at >= ${since} and o.offered_at <= ${at} and o.ended_as is distinct from 'taken' and ${isTheirs('o.npn')}
      group by 1, 2
    ) h full join (
      select distinct npn, state from candidate_periods
      where from_at <= ${at} and (until_at is null or until_at > ${since}) and ${isTheirs('npn')}
    ) p on p.npn = h.npn and p.state = h.state`;
}
