import { sql } from 'kysely';
import type { OfferEnd } from '../../domain/referrals/offer.ts';
import type { Tx } from '../database/connection.ts';

export interface RepliedOffer {
  offerId: string;
  npn: string;
  endedAs: OfferEnd | null;
  endedAt: Date | null;
  /** The agent's own. */
  timeZone: string | null;
}

/**
 * The offer to whoever has this phone (E.164) that goes by this short code: the one that is open, else the latest. Two
 * agents can share a phone; codes of what is open at one phone differ (`reserveOffer`).
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

/** The short codes of the offers that whoever has this phone can answer at an instant. */
export async function answerableCodes(tx: Tx, { phone, at }: { phone: string; at: Date }): Promise<string[]> {
  const rows = await tx
    .selectFrom('offers')
    .innerJoin('agents', 'agents.npn', 'offers.npn')
    .select('shortCode')
    .where('phone', '=', phone)
    .where('endedAt', 'is', null)
    .where('acceptedAt', 'is', null)
    .where('expiresAt', '>', at)
    .orderBy('offeredAt')
    .execute();
  return rows.map(({ shortCode }) => shortCode);
}
