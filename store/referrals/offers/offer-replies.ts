import { sql } from 'kysely';
import type { OfferEnd } from '../../../domain/referrals/offer.ts';
import type { Tx } from '../../database/connection.ts';

/** The offer that a texted reply is about. */
export interface RepliedOffer {
  offerId: string;
  npn: string;
  endedAs: OfferEnd | null;
  endedAt: Date | null;
  /** The agent's time zone. */
  timeZone: string | null;
}

/**
 * Finds the offer with this short code to an agent with this phone (E.164): the open one, or else the latest. Agents can share
 * a phone; the codes of open offers at one phone differ (`reserveOffer`).
 */
export async function offerByCode(
  tx: Tx,
  { phone, code }: { phone: string; code: string },
): Promise<RepliedOffer | undefined> {
  const row = await tx
    .selectFrom('offers')
    .innerJoin('agents', 'agents.npn', 'offers.npn')
    .select(['offers.id as offerId', 'offers.npn', 'endedAs', 'endedAt', 'timeZone'])
    .where('phone', '=', phone)
    .where('shortCode', '=', code)
    .orderBy(sql`ended_at is null`, 'desc')
    .orderBy('offeredAt', 'desc')
    .executeTakeFirst();
  return row as RepliedOffer | undefined;
}

/** Reads the short codes of the offers, test offers included, that can be answered from this phone at an instant. */
export async function answerableCodes(tx: Tx, { phone, at }: { phone: string; at: Date }): Promise<string[]> {
  const { rows } = await sql<{ shortCode: string }>`
    select answerable.short_code from agents a cross join lateral (
      select o.short_code, o.offered_at as sent_at from offers o
      where o.npn = a.npn and o.ended_at is null and o.accepted_at is null and o.expires_at > ${at}
      union all
      select t.short_code, t.created_at from test_offers t where t.npn = a.npn and t.expires_at > ${at}
    ) answerable
    where a.phone = ${phone} order by answerable.sent_at`.execute(tx);
  return rows.map(({ shortCode }) => shortCode);
}
