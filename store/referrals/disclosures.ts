import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** `portal`: after log-in; `link`: by the link in an offer's message, which shows no contact. */
export type DisclosureMedium = 'portal' | 'link';

/** A look this soon after the last one is the same sitting. */
const sittingGap = sql`interval '10 minutes'`;
/** How exact the end of a sitting is: of a page that reads itself anew all the time, one look a minute is written. */
const sittingPrecision = sql`interval '1 minute'`;

/**
 * Writes down what a query shows of offers to their agent: a part of that query, so that nothing is shown without it
 * and nobody waits for a second statement.
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
 * An agent has seen an offer `o` in the portal while it was open: it has reached them. A look by its link says nothing:
 * mail filters open links, run the page's scripts, and keep the mail back all the same (decision 0027).
 */
export const wasSeenInPortal = sql<boolean>`exists (
  select from disclosures d
  where d.offer_id = o.id and d.shown = 'offer' and d.through = 'portal' and d.first_at < o.expires_at)`;

/** One sitting in which an agent looked at an offer, or at who the consumer is. */
export interface Disclosure {
  shown: 'offer' | 'contact';
  through: DisclosureMedium;
  /** ISO text, as JSON out of Postgres. */
  firstAt: string;
  lastAt: string;
}

/** An offer with all that was shown of it to its agent, the first look first. */
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

/** The offers of a referral in their order; undefined: there is no such referral. */
export async function readOffersWithDisclosures(
  tx: Tx,
  referralId: string,
): Promise<OfferWithDisclosures[] | undefined> {
  const known = await tx.selectFrom('referrals').select('id').where('id', '=', referralId).executeTakeFirst();
  if (!known) return undefined;
  const { rows } = await sql<OfferWithDisclosures>`
    select o.id, o.number, o.npn, o.offered_at, o.expires_at, o.accepted_at, o.contacted_at, o.ended_at, o.ended_as,
      (select coalesce(json_agg(json_build_object('shown', shown, 'through', through, 'firstAt', first_at,
              'lastAt', last_at) order by first_at, shown), '[]')
         from disclosures d where d.offer_id = o.id) as disclosures
    from offers o where o.referral_id = ${referralId} order by o.number`.execute(tx);
  return rows;
}
