import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../database/connection.ts';

/** `portal`: after log-in; `link`: by the link in an offer's message, which shows no contact. */
export type DisclosureMedium = 'portal' | 'link';

/** Views closer together than this belong to one sitting. */
const sittingGap = sql`interval '10 minutes'`;
/** Precision of the end of a sitting: a page that refreshes all the time is recorded once a minute. */
const sittingPrecision = sql`interval '1 minute'`;

/**
 * SQL that records what a query shows of offers to their agent. It is a part of that query, so that nothing is shown without a
 * record, and no second statement is needed.
 * @param shown rows `(offer_id, shown)`, `shown` being `offer` or `contact`
 */
export function recordDisclosure(
  shown: RawBuilder<unknown>,
  { through, at }: { through: DisclosureMedium; at: Date },
): RawBuilder<object> {
  return sql<object>`(
    insert into disclosures (offer_id, shown, through, first_at, last_at)
    select s.offer_id, s.shown, ${through}::text,
           case when d.last_at > ${at}::timestamptz - ${sittingGap} then d.first_at else ${at}::timestamptz end,
           ${at}::timestamptz
    from (${shown}) s left join lateral (
      select first_at, last_at from disclosures
      where offer_id = s.offer_id and shown = s.shown and through = ${through}
      order by first_at desc limit 1
    ) d on true
    where d.last_at is null or d.last_at <= ${at}::timestamptz - ${sittingPrecision}
    order by s.offer_id
    on conflict (offer_id, shown, through, first_at)
      do update set last_at = greatest(disclosures.last_at, excluded.last_at))`;
}

/**
 * SQL: whether the agent saw offer `o` in the portal while it was open. Views by its link do not count: mail filters open links
 * and run the page's scripts even in mail that they hold back (docs/decisions/0027-links-through-filters.md).
 */
export const wasSeenInPortal = sql<boolean>`exists (
  select from disclosures d
  where d.offer_id = o.id and d.shown = 'offer' and d.through = 'portal' and d.first_at < o.expires_at)`;

/** One sitting in which an agent viewed an offer or the consumer's contact. */
export interface Disclosure {
  shown: 'offer' | 'contact';
  through: DisclosureMedium;
  /** ISO text, as in JSON from Postgres. */
  firstAt: string;
  lastAt: string;
}

/** An offer with its disclosures to the agent, oldest first. */
export interface OfferWithDisclosures {
  id: string;
  number: number;
  npn: string;
  offeredAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
  disclosures: Disclosure[];
}

/** Reads the offers of a referral in order; undefined if there is no such referral. */
export async function readOffersWithDisclosures(
  tx: Tx,
  referralId: string,
): Promise<OfferWithDisclosures[] | undefined> {
  const referral = await tx
    .selectFrom('referrals')
    .select('id')
    .where('id', '=', referralId)
    .executeTakeFirst();
  if (!referral) return undefined;
  const { rows } = await sql<OfferWithDisclosures>`
    select o.id, o.number, o.npn, o.offered_at, o.expires_at, o.accepted_at, o.contacted_at, o.ended_at, o.ended_as,
      (select coalesce(json_agg(json_build_object('shown', shown, 'through', through, 'firstAt', first_at,
              'lastAt', last_at) order by first_at, shown), '[]')
         from disclosures d where d.offer_id = o.id) as disclosures
    from offers o where o.referral_id = ${referralId} order by o.number`.execute(tx);
  return rows;
}
