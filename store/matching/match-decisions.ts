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

/** Number of fitting agents that are stored, best first. */
const maxRanked = 20;

/** Result of one search for an agent: the agent asked, or the cause why none was. */
export type MatchDecision = { referralId: string; at: Date; asked: number; policy: Policy } & (
  | { npn: string; rung: Rung }
  | { cause: ReferralCause }
);

/** An agent who fitted, with the facts that ranked them. */
export interface RankedAgent {
  npn: string;
  rung: Rung;
  /** Time of the agent's last offer, ISO text; null: never. */
  idleSince: string | null;
  miles: number | null;
}

/**
 * Records the result of a search, in the search's own transaction; a repeat writes nothing. A search that found no agent is
 * repeated at the same instant once the referral is queued; if the repeat finds an agent, its result replaces the first.
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
 * Explains the oldest decisions that lack an explanation: the number of agents that each rule excluded, and the ranking of
 * those who fitted, by the rules of choosing. Changes since the decision affect the explanation, so its own instant is
 * stored with it. Workers that run this at the same time take different decisions.
 * @returns number of decisions explained
 */
export async function explainDecisions(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<number> {
  const { rows } = await sql<UnexplainedDecision>`
    ${unexplainedQuery} order by d.id limit ${limit} for no key update of d skip locked`.execute(tx);
  for (const decision of rows) await explain(tx, decision, at);
  return rows.length;
}

/** Explains one decision. @returns false if it is explained already, or another worker is at it */
export async function explainDecision(tx: Tx, { id, at }: { id: string; at: Date }): Promise<boolean> {
  const { rows } = await sql<UnexplainedDecision>`
    ${unexplainedQuery} and d.id = ${id} for no key update of d skip locked`.execute(tx);
  for (const decision of rows) await explain(tx, decision, at);
  return rows.length > 0;
}

/** Reads the ids of the oldest decisions that lack an explanation, except those given. */
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
  const rules = hardRules(referral, { at, limits, load: loadAt(at, asked) });
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

/** Reads the parts of a request that decide who is asked; undefined if there is no such referral. */
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

/** A stored search of a referral for an agent. */
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

/** Reads the searches of a referral, oldest first. */
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

/** How one agent stood at one search. */
export interface AgentAtDecision {
  /** Whether the agent was a candidate in the state then. */
  wasCandidate: boolean;
  /** The rule that excludes the agent: load and offers as they were then, everything else as it is now. */
  excluded: Exclusion | null;
}

/** Reads how one agent stood at each search of a referral, in order; undefined if there is no such agent. */
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
    const rules = hardRules(referral, { at, limits, load: loadAt(at, asked) });
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
