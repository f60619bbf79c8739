import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { WishObstacle } from '../../../domain/matching/agent-wish.ts';
import type { Policy } from '../../../domain/policy.ts';
import { nudgeTimes } from '../../../domain/referrals/nudges.ts';
import type { Tx } from '../../database/connection.ts';
import type { ChosenAgent } from '../../matching/candidates.ts';
import { recordDecisionSql } from '../../matching/match-decisions.ts';
import { type OfferRow, offerColumns } from './offers.ts';

/** An offer to reserve, after a number of others. */
interface Reservation {
  referralId: string;
  chosen: ChosenAgent;
  /** Why it does not go to the agent whom the consumer asked for; null: it does, or they asked for none. */
  wishUnmet: WishObstacle | null;
  asked: number;
  at: Date;
  policy: Policy;
}

/**
 * Reserves an offer to the agent who was chosen, who is idle no longer, and records the search that found them. The caller
 * has locked the referral and the agent; the window runs from `at`.
 */
export async function reserveOffer(
  tx: Tx,
  { referralId, chosen: { npn, rung }, wishUnmet, asked, at, policy }: Reservation,
): Promise<OfferRow> {
  const expiresAt = new Date(at.getTime() + policy.offerWindowMs);
  const nudgeAt = nudgeTimes({ offeredAt: at, expiresAt }, policy.offerNudges);
  const { rows } = await sql<OfferRow>`
    with o as (
      insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, nudge_at, policy_version)
      values (${randomUUID()}, ${referralId}, ${npn}, ${asked + 1}, ${freeShortCode(npn)}, ${at}, ${expiresAt}, ${nudgeAt},
        ${policy.version})
      returning *
    ), asked as (
      update agents set last_offered_at = ${at} where npn = ${npn}
    ), decided as (${recordDecisionSql({ referralId, at, asked, npn, rung, wishUnmet, policy })}
    )
    select ${offerColumns} from o`.execute(tx);
  const [offer] = rows;
  if (!offer) throw new Error('A reserved offer is one row');
  return offer;
}

/** SQL for four digits that no open offer at the agent's phone has: agents can share a phone, and a reply names the code alone. */
function freeShortCode(npn: string) {
  const tried = Array.from({ length: 8 }, () => `${randomInt(1000, 10_000)}`);
  return sql<string>`(
    select code from unnest(${tried}::text[]) code
    where not exists (
      select from offers o join agents a on a.npn = o.npn
      where o.ended_at is null and o.short_code = code
        and a.phone = (select phone from agents where npn = ${npn}))
      and not exists (
        select from test_offers t join agents a on a.npn = t.npn
        where t.short_code = code and t.expires_at > now()
          and a.phone = (select phone from agents where npn = ${npn}))
    limit 1)`;
}
