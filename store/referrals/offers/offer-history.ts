import { type RawBuilder, sql } from 'kysely';
import type { DeclineReason } from '../../../domain/referrals/offer.ts';
import type { OfferState } from '../../../domain/referrals/offer-history.ts';
import type { Need, Outcome, OutcomeReason } from '../../../domain/referrals/referral.ts';
import type { Tx } from '../../database/connection.ts';
import { recordDisclosure } from './disclosures.ts';

/** An offer that an agent had, and what became of it; nothing of who the consumer is. */
export interface PastOffer {
  id: string;
  offeredAt: Date;
  zip: string;
  city: string;
  state: string;
  language: string;
  need: Need;
  coverageYear: number;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  /** Tries to reach the consumer that the agent reported. */
  attempts: number;
  endedAt: Date | null;
  became: OfferState;
  /** What came of a referral that this offer closed, or of one that is under way, as the agent reported it. */
  outcome: Outcome | null;
  /** Why the agent declined, or handed the referral back. */
  reason: DeclineReason | OutcomeReason | null;
}

/** What to leave out of a history; what is not named is not compared. */
export interface HistoryFilter {
  /** The beginning of a city's name, or of a ZIP. */
  place?: string | undefined;
  state?: string | undefined;
  language?: string | undefined;
  need?: Need | undefined;
  became?: OfferState | undefined;
}

/** A position in a history, which is sorted by the time of the offer, latest first. */
export interface HistoryCursor {
  at: Date;
  id: string;
}

/** SQL: what became of offer `o`. */
export const becameSql = sql<OfferState>`coalesce(o.ended_as,
  case when o.contacted_at is not null then 'contacted' when o.accepted_at is not null then 'accepted' else 'offered' end)`;

/**
 * Reads a page of all offers that an agent had, latest first, and records that they saw them. Reads the offers of the agent in the
 * order of their index, until the page is full.
 */
export async function readOfferHistory(
  tx: Tx,
  about: { npn: string; filter: HistoryFilter; after: HistoryCursor | undefined; size: number; at: Date },
): Promise<{ page: PastOffer[]; isLast: boolean }> {
  const { npn, filter, after, size, at } = about;
  const inOrder = sql`order by offered_at desc, id desc`;
  const isAfter = after
    ? sql`(o.offered_at, o.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
    : sql`true`;
  const { rows } = await sql<PastOffer>`
    with found as (
      select o.id, o.offered_at, r.zip, r.city, r.state, r.language, r.need, r.coverage_year, o.accepted_at,
        o.contacted_at, o.attempts, o.ended_at, ${becameSql} as became,
        case when o.ended_as = 'closed' then r.outcome when o.ended_at is null then o.milestone end as outcome, o.reason
      from offers o join referrals r on r.id = o.referral_id
      where o.npn = ${npn} and ${isAfter} and ${matches(filter)} ${inOrder} limit ${size + 1}
    ), page as (
      -- the row beyond the page only tells that more follow
      select * from found ${inOrder} limit ${size}
    ), disclosed as ${recordDisclosure(sql`select id as offer_id, 'offer' as shown from page`, { through: 'portal', at })}
    select * from found ${inOrder}`.execute(tx);
  return { page: rows.slice(0, size), isLast: rows.length <= size };
}

function matches({ place, became, ...same }: HistoryFilter): RawBuilder<unknown> {
  const conditions = Object.entries(same).flatMap(([column, value]) =>
    value === undefined ? [] : [sql`${sql.ref(`r.${column}`)} = ${value}`],
  );
  if (place !== undefined)
    conditions.push(
      sql`(starts_with(lower(r.city), lower(${place}::text)) or starts_with(r.zip, ${place}::text))`,
    );
  if (became !== undefined) conditions.push(sql`${becameSql} = ${became}`);
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}
