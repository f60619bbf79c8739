import type { OfferEnd } from '../domain/offer.ts';
import type { Tx } from './database.ts';

export interface RepliedOffer {
  offerId: string;
  npn: string;
  endedAs: OfferEnd | null;
  endedAt: Date | null;
  /** The agent's own. */
  timeZone: string | null;
}

/** The latest offer to whoever has this phone (E.164) that goes by this short code. */
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
    .orderBy('offeredAt', 'desc')
    .executeTakeFirst();
  return row as RepliedOffer | undefined;
}
