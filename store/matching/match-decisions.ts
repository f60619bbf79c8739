import { sql } from 'kysely';
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
          wishUnmet: (row) => row.ref('excluded.wishUnmet'),
        })
        .where(sql<boolean>`match_decisions.npn is null and excluded.npn is not null`),
    )
    .execute();
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
