import type { Tx } from './database.ts';

/** The latest offer to whoever has this phone (E.164) that goes by this short code. */
export async function offerByCode(
  tx: Tx,
  { phone, code }: { phone: string; code: string },
): Promise<{ offerId: string; npn: string } | undefined> {
  return tx
    .selectFrom('offers')
    .innerJoin('agents', 'agents.npn', 'offers.npn')
    .select(['offers.id as offerId', 'offers.npn'])
    .where('phone', '=', phone)
    .where('shortCode', '=', code)
    .orderBy('offeredAt', 'desc')
    .executeTakeFirst();
}
