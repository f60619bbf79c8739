import { type RawBuilder, sql } from 'kysely';
import type { WishObstacle, WishRung } from '../../domain/matching/agent-wish.ts';
import type { MatchLimits, Rung } from '../../domain/matching/matching.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import type { Database, Tx } from '../database/connection.ts';
import type { ReferralToMatch } from './match-rules.ts';

/**
 * Result of one search for an agent: the agent asked, or the cause why none was. `wishUnmet`: why the agent whom the consumer
 * asked for was not asked first; null: they were, or the consumer asked for none.
 */
export type MatchDecision = {
  referralId: string;
  at: Date;
  asked: number;
  policy: Policy;
  wishUnmet: WishObstacle | null;
} & ({ npn: string; rung: Rung | WishRung } | { cause: ReferralCause });

/**
 * Records the result of a search, in the search's own transaction: one for each referral and instant. A search that found no
 * agent is repeated at the same instant once the referral is queued. The repeat writes nothing, unless it finds an agent:
 * then its result replaces the first.
 */
export async function recordMatchDecision(tx: Tx, decision: MatchDecision): Promise<void> {
  await sql`${recordDecisionSql(decision)}`.execute(tx);
}

/** SQL that records the result of a search, as `recordMatchDecision`: a statement, or a part of one. */
export function recordDecisionSql({ policy, ...decision }: MatchDecision): RawBuilder<unknown> {
  const { nearMiles, fartherMiles, openOffersPerAgent, uncontactedReferralsPerAgent } = policy;
  const limits: MatchLimits = { nearMiles, fartherMiles, openOffersPerAgent, uncontactedReferralsPerAgent };
  const { referralId, at, asked, wishUnmet } = decision;
  const { npn, rung, cause } = { npn: null, rung: null, cause: null, ...decision };
  return sql`
    insert into match_decisions (referral_id, at, asked, npn, rung, cause, wish_unmet, limits, policy_version)
    values (${referralId}, ${at}, ${asked}, ${npn}, ${rung}, ${cause}, ${wishUnmet}, ${JSON.stringify(limits)},
      ${policy.version})
    on conflict (referral_id, at) do update
      set npn = excluded.npn, rung = excluded.rung, cause = null, wish_unmet = excluded.wish_unmet
      where match_decisions.npn is null and excluded.npn is not null`;
}

/** Reads the parts of a request that decide who is asked; undefined if there is no such referral. */
export async function readReferralRequest(
  db: Database,
  referralId: string,
): Promise<ReferralToMatch | undefined> {
  return db
    .selectFrom('referrals')
    .select(['id', 'state', 'zip', 'lat', 'lon', 'language', 'interpreter'])
    .where('id', '=', referralId)
    .executeTakeFirst();
}

/** A stored search of a referral for an agent. */
export interface MatchDecisionRecord {
  at: Date;
  asked: number;
  npn: string | null;
  rung: Rung | WishRung | null;
  cause: ReferralCause | null;
  wishUnmet: WishObstacle | null;
  limits: MatchLimits;
  policyVersion: string;
}

/** Reads the searches of a referral, oldest first. */
export async function readMatchDecisions(db: Database, referralId: string): Promise<MatchDecisionRecord[]> {
  const rows = await db
    .selectFrom('matchDecisions')
    .select(['at', 'asked', 'npn', 'rung', 'cause', 'wishUnmet', 'limits', 'policyVersion'])
    .where('referralId', '=', referralId)
    .orderBy('at')
    .execute();
  return rows as unknown as MatchDecisionRecord[];
}
