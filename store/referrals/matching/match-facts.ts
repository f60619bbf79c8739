import { sql } from 'kysely';
import { closingEnds, type OfferEnd } from '../../../domain/referrals/offer.ts';
import type { Tx } from '../../database/connection.ts';
import { type ConsentStatus, consentStatusAt } from '../consents/consents.ts';
import { type OfferRow, offerColumns } from '../offers/offers.ts';

/** What a referral has done so far to find an agent. */
export interface OffersSoFar {
  /** All offers; the last one has this number. */
  made: number;
  /** Those that count: not those that another agent took. */
  asked: number;
  /** The end of an offer that closes the referral. */
  closingEnd: OfferEnd | null;
  /** When the first agent was asked since the request, or since the last agent who had accepted lost it. */
  searchBeganAt: Date | null;
}

/** What a match starts from. */
interface MatchFacts {
  /** The open offers, the first that was made first: one that was accepted, or those that wait for an answer. */
  open: OfferRow[];
  soFar: OffersSoFar;
  consent: ConsentStatus;
  /** End of the consent; null if it lasts as long as the request. */
  consentEndsAt: Date | null;
}

/** A row of each open offer, or one without an offer. */
type FactsRow = OffersSoFar & { isAgreed: boolean; consentEndsAt: Date | null } & (
    | OfferRow
    | { [Column in keyof OfferRow]: null }
  );

/** Reads what a match starts from, once the referral's row is locked. */
export async function readMatchFacts(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<MatchFacts> {
  const { rows } = await sql<FactsRow>`
    with made as (
      select *, coalesce(max(ended_at) filter (where accepted_at is not null) over (), '-infinity') as lost_at
      from offers where referral_id = ${referralId}
    ), so_far as (
      select count(*) as made, count(*) filter (where ended_as is distinct from 'taken') as asked,
        (array_agg(ended_as order by ended_at desc)
          filter (where ended_as = any(${closingEnds}::text[])))[1] as closing_end,
        min(offered_at) filter (where offered_at >= lost_at) as search_began_at
      from made
    ), consent as (
      select true as is_agreed, expires_at as consent_ends_at from consents
      where referral_id = ${referralId} and kind = 'intake' and rescinded_at is null
    )
    select so_far.*, coalesce(is_agreed, false) as is_agreed, consent_ends_at, ${offerColumns}
    from so_far left join consent on true left join made o on o.ended_at is null
    order by o.number`.execute(tx);
  const open = rows.filter((row) => row.id !== null);
  const [first] = rows;
  if (!first) throw new Error('A match starts from facts');
  const { made, asked, closingEnd, searchBeganAt, isAgreed, consentEndsAt } = first;
  const consent = consentStatusAt(isAgreed ? { expiresAt: consentEndsAt } : undefined, at);
  return { open, soFar: { made, asked, closingEnd, searchBeganAt }, consent, consentEndsAt };
}
