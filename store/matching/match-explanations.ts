import { type RawBuilder, sql } from 'kysely';
import {
  type Exclusion,
  indexedExclusions,
  type PastExclusion,
  type Rung,
  rungs,
  tieBreakSeed,
} from '../../domain/matching/matching.ts';
import { areaOf, type SkipKind } from '../../domain/matching/skips.ts';
import { endsWithoutTurn } from '../../domain/referrals/offer.ts';
import type { Database } from '../database/connection.ts';
import type { MatchDecisionRecord } from './match-decisions.ts';
import {
  firstExclusion,
  hardRules,
  loadAt,
  milesFrom,
  type ReferralToMatch,
  rungNumber,
  tieBreak,
} from './match-rules.ts';

/** Number of fitting agents that are read, best first. */
const maxRanked = 20;

/** An agent who fitted, with the facts that ranked them. */
export interface RankedAgent {
  npn: string;
  rung: Rung;
  /** Time of the agent's last offer before the decision, ISO text; null: never. */
  idleSince: string | null;
  miles: number | null;
}

/** What a decision was chosen from: the number of agents that each rule excluded, and the best of those who fitted. */
export interface DecisionExplanation {
  /** Agents who serve or want the state, or were candidates there at the decision. */
  considered: number;
  excluded: Partial<Record<PastExclusion, number>>;
  ranked: RankedAgent[];
}

type Decision = Pick<MatchDecisionRecord, 'at' | 'asked' | 'limits'>;

/**
 * Explains a decision by the rules of choosing. Offers, load and who was a candidate are read as they were at the decision;
 * language, place and channels as they are now. Reads all agents of the state, so it is computed only when ops ask.
 */
export async function explainDecision(
  db: Database,
  referral: ReferralToMatch,
  decision: Decision,
): Promise<DecisionExplanation> {
  const { at, limits } = decision;
  const inOrder = sql`order by rung, idle_since nulls first, ${tieBreak(tieBreakSeed(referral.id))}`;
  const { rows } = await sql<DecisionExplanation>`
    with candidates as materialized (
      select npn from candidate_periods where ${isPeriodOf(referral, at)}
    ), facts as materialized (
      select a.npn, ${pastExclusion(referral, decision, sql`a.npn in (select npn from candidates)`)} as excluded,
        ${rungNumber({ ...referral, miles: milesFrom(referral) }, limits)} as rung,
        case when a.last_offered_at < ${at} then a.last_offered_at
          else (select max(offered_at) from offers o where o.npn = a.npn and o.offered_at < ${at}
            and (o.ended_as is null or o.ended_as <> all(${endsWithoutTurn}::text[]) or o.ended_at > ${at})) end as idle_since,
        ${milesFrom(referral)} as miles, tie_break_of(a.npn) as tie_break
      from agents a
      where a.npn in (select npn from serving where state = ${referral.state}
        union select npn from agents where states_wanted @> array[${referral.state}::text]
        union select npn from candidates)
    ), ranked as (
      select * from facts where excluded is null ${inOrder} limit ${maxRanked}
    )
    select (select count(*) from facts) as considered,
      (select coalesce(jsonb_object_agg(excluded, count), '{}')
        from (select excluded, count(*) from facts where excluded is not null group by excluded) e) as excluded,
      (select coalesce(jsonb_agg(jsonb_build_object('npn', npn,
          'rung', (${rungs}::text[])[rung + 1], 'idleSince', idle_since, 'miles', round(miles::numeric, 1))
          ${inOrder}), '[]') from ranked) as ranked`.execute(db);
  if (!rows[0]) throw new Error('An explanation is one row');
  return rows[0];
}

/** The rule that excluded an agent at a decision; null: none did. `since`: when the skip began, where it is one. */
export interface AgentExclusion {
  excluded: PastExclusion | null;
  since: Date | null;
}

/**
 * Reads the rule that excluded one agent at each decision of a referral, in order.
 * @returns undefined if there is no such agent
 */
export async function readExclusions(
  db: Database,
  referral: ReferralToMatch,
  { npn, decisions }: { npn: string; decisions: readonly Decision[] },
): Promise<AgentExclusion[] | undefined> {
  const agent = await db.selectFrom('agents').select('npn').where('npn', '=', npn).executeTakeFirst();
  if (!agent) return undefined;
  const exclusions: AgentExclusion[] = [];
  for (const decision of decisions) {
    const wasCandidate = sql`exists (
      select from candidate_periods p where p.npn = a.npn and ${isPeriodOf(referral, decision.at)})`;
    const { rows } = await sql<AgentExclusion>`
      select excluded, case excluded
          when 'skips-language' then ${skippedSince(npn, decision.at, 'language', referral.language)}
          when 'skips-area' then ${skippedSince(npn, decision.at, 'area', areaOf(referral.zip))} end as since
      from (select ${pastExclusion(referral, decision, wasCandidate)} as excluded
        from agents a where a.npn = ${npn}) e`.execute(db);
    exclusions.push(rows[0] ?? { excluded: null, since: null });
  }
  return exclusions;
}

/** SQL: when the skip began that held at an instant. */
function skippedSince(npn: string, at: Date, kind: SkipKind, value: string) {
  return sql`(select max(from_at) from agent_skips
    where npn = ${npn} and kind = ${kind} and value = ${value} and from_at <= ${at})`;
}

const isPeriodOf = ({ state }: ReferralToMatch, at: Date) =>
  sql`state = ${state} and from_at <= ${at} and (until_at is null or until_at > ${at})`;

/**
 * SQL: why agent `a` was not among those to choose from; null: they were. Of an agent who was a candidate then, what the
 * index covers did not exclude them, whatever is true now.
 */
function pastExclusion(
  referral: ReferralToMatch,
  { at, asked, limits }: Decision,
  wasCandidate: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const rules = hardRules(referral, { at, limits, load: loadAt(at, asked) });
  const indexed = new Set<Exclusion>(indexedExclusions);
  const only = (isKept: (reason: Exclusion) => boolean) =>
    Object.fromEntries(Object.entries(rules).filter(([reason]) => isKept(reason as Exclusion)));
  return sql`case when ${wasCandidate} then ${firstExclusion(only((reason) => !indexed.has(reason)))}
    else coalesce(${firstExclusion(only((reason) => reason === 'asked-before' || indexed.has(reason)))},
      'not-a-candidate-then') end`;
}
