import { sql } from 'kysely';
import {
  type Exclusion,
  type MatchLimits,
  type Rung,
  rungs,
  tieBreakSeed,
} from '../../domain/matching/matching.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import type { Database, Tx } from '../database/connection.ts';
import {
  firstExclusion,
  hardRules,
  loadAt,
  type ReferralToMatch,
  rungNumber,
  tieBreak,
} from './match-rules.ts';

/** How many of those who fit are kept by rank. */
const maxRanked = 20;

/** What one look for somebody came to: who was asked, or why nobody. */
export type MatchDecision = { referralId: string; at: Date; asked: number; policy: Policy } & (
  | { npn: string; rung: Rung }
  | { cause: ReferralCause }
);

/** Somebody who fitted, by what ranked him. */
export interface RankedAgent {
  npn: string;
  rung: Rung;
  /** When he was asked last, ISO text; null: never. */
  idleSince: string | null;
  miles: number | null;
}

/**
 * Writes down what a look came to, in its own transaction; a repeat of the look writes nothing. A look that found
 * nobody is taken again at the same instant, once it stands in the queue: if that finds somebody, it is what counts.
 */
export async function recordMatchDecision(tx: Tx, { policy, ...decision }: MatchDecision): Promise<void> {
  const { nearMiles, fartherMiles, openOffersPerAgent, uncontactedReferralsPerAgent } = policy;
  const limits: MatchLimits = { nearMiles, fartherMiles, openOffersPerAgent, uncontactedReferralsPerAgent };
  await tx
    .insertInto('matchDecisions')
    .values({ ...decision, limits: JSON.stringify(limits), policyVersion: policy.version })
    .onConflict((conflict) =>
      conflict
        .columns(['referralId', 'at'])
        .doUpdateSet({
          npn: (row) => row.ref('excluded.npn'),
          rung: (row) => row.ref('excluded.rung'),
          cause: null,
          explainedAt: null,
          considered: null,
          excluded: null,
          ranked: null,
        })
        .where(sql<boolean>`match_decisions.npn is null and excluded.npn is not null`),
    )
    .execute();
}

interface UnexplainedDecision {
  id: string;
  at: Date;
  asked: number;
  limits: MatchLimits;
  referral: ReferralToMatch;
}

/**
 * Counts, for the oldest decisions that lack it, from whom they were made: how many were kept away by which rule, and
 * who fitted in which order, by the rules that choosing goes by. What has changed since the decision shows in it, so
 * it says its own instant. Workers that do this at once take different decisions.
 * @returns how many were explained
 */
export async function explainDecisions(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<number> {
  const { rows } = await sql<UnexplainedDecision>`
    ${unexplainedQuery} order by d.id limit ${limit} for no key update of d skip locked`.execute(tx);
  for (const decision of rows) await explain(tx, decision, at);
  return rows.length;
}

/** Explains one of them. @returns whether it was still to be explained, and nobody else does it */
export async function explainDecision(tx: Tx, { id, at }: { id: string; at: Date }): Promise<boolean> {
  const { rows } = await sql<UnexplainedDecision>`
    ${unexplainedQuery} and d.id = ${id} for no key update of d skip locked`.execute(tx);
  for (const decision of rows) await explain(tx, decision, at);
  return rows.length > 0;
}

/** The oldest decisions that lack an explanation, but for those that are named. */
export async function readUnexplainedDecisions(
  tx: Tx,
  { except, limit }: { except: ReadonlySet<string>; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from match_decisions
    where explained_at is null and id::text <> all(${[...except]}::text[])
    order by match_decisions.id limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

const unexplainedQuery = sql`
  select d.id, d.at, d.asked, d.limits, jsonb_build_object('id', r.id, 'state', r.state, 'lat', r.lat, 'lon', r.lon,
    'language', r.language, 'interpreter', r.interpreter) as referral
  from match_decisions d join referrals r on r.id = d.referral_id
  where d.explained_at is null`;

async function explain(
  tx: Tx,
  { id, at, asked, limits, referral }: UnexplainedDecision,
  now: Date,
): Promise<void> {
  const rules = hardRules(referral, { at, limits, places: loadAt(at, asked) });
  await sql`
    with facts as (
      select a.npn, ${firstExclusion(rules)} as excluded, ${rungNumber(referral, limits)} as rung,
        case when a.last_offered_at < ${at} then a.last_offered_at
          else (select max(offered_at) from offers o where o.npn = a.npn and o.offered_at < ${at}) end as idle_since,
        miles_between(a.lat, a.lon, ${referral.lat}, ${referral.lon}) as miles, tie_break_of(a.npn) as tie_break
      from agents a
      where a.npn in (select npn from serving where state = ${referral.state}
        union select npn from agents where states_wanted @> array[${referral.state}::text])
    ), ranked as (
      select * from facts where excluded is null
      order by rung, idle_since nulls first, ${tieBreak(tieBreakSeed(referral.id))} limit ${maxRanked}
    )
    update match_decisions set explained_at = ${now},
      considered = (select count(*) from facts),
      excluded = (select coalesce(jsonb_object_agg(excluded, count), '{}')
        from (select excluded, count(*) from facts where excluded is not null group by excluded) e),
      ranked = (select coalesce(jsonb_agg(jsonb_build_object('npn', npn,
          'rung', (${rungs}::text[])[rung + 1], 'idleSince', idle_since, 'miles', round(miles::numeric, 1))
          order by rung, idle_since nulls first, ${tieBreak(tieBreakSeed(referral.id))}), '[]') from ranked)
    where id = ${id}`.execute(tx);
}

/** What a referral asks for, as far as it decides who is asked; undefined: there is no such referral. */
export async function readReferralRequest(
  db: Database,
  referralId: string,
): Promise<{ state: string; zip: string; language: string; interpreter: boolean } | undefined> {
  return db
    .selectFrom('referrals')
    .select(['state', 'zip', 'language', 'interpreter'])
    .where('id', '=', referralId)
    .executeTakeFirst();
}

/** One look of a referral, as it was written down. */
export interface MatchDecisionRecord {
  at: Date;
  asked: number;
  npn: string | null;
  rung: Rung | null;
  cause: ReferralCause | null;
  limits: MatchLimits;
  policyVersion: string;
  explainedAt: Date | null;
  considered: number | null;
  excluded: Partial<Record<Exclusion, number>> | null;
  ranked: RankedAgent[] | null;
}

/** The looks of a referral, the first one first. */
export async function readMatchDecisions(db: Database, referralId: string): Promise<MatchDecisionRecord[]> {
  const rows = await db
    .selectFrom('matchDecisions')
    .select(['at', 'asked', 'npn', 'rung', 'cause', 'limits', 'policyVersion'])
    .select(['explainedAt', 'considered', 'excluded', 'ranked'])
    .where('referralId', '=', referralId)
    .orderBy('at')
    .execute();
  return rows as unknown as MatchDecisionRecord[];
}

/** What is known about one agent and one look. */
export interface AgentAtDecision {
  /** Whether the agent stood in the line of the state then. */
  wasCandidate: boolean;
  /** The rule that keeps the agent away: places and offers as they were then, the rest as it is now. */
  excluded: Exclusion | null;
}

/** How one agent stood at each look of a referral, in their order; undefined: there is no such agent. */
export async function readAgentAtDecisions(
  db: Database,
  referralId: string,
  { npn, decisions }: { npn: string; decisions: readonly MatchDecisionRecord[] },
): Promise<AgentAtDecision[] | undefined> {
  const referral = await db
    .selectFrom('referrals')
    .select(['id', 'state', 'lat', 'lon', 'language', 'interpreter'])
    .where('id', '=', referralId)
    .executeTakeFirstOrThrow();
  const standings: AgentAtDecision[] = [];
  for (const { at, asked, limits } of decisions) {
    const rules = hardRules(referral, { at, limits, places: loadAt(at, asked) });
    const { rows } = await sql<AgentAtDecision>`
      select ${firstExclusion(rules)} as excluded, exists (
        select from candidate_periods p where p.npn = a.npn and p.state = ${referral.state}
          and p.from_at <= ${at} and (p.until_at is null or p.until_at > ${at})) as was_candidate
      from agents a where a.npn = ${npn}`.execute(db);
    if (!rows[0]) return undefined;
    standings.push(rows[0]);
  }
  return standings;
}
