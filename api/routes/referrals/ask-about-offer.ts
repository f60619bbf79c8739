import { refusalOf } from '../../../domain/failures.ts';
import type { Deps } from '../../deps.ts';
import { executeUpdate, type UpdateRequest } from '../../temporal/execute-update.ts';
import { type EndableOffer, readUntilEnded } from './offer-ends.ts';

/** What an agent asks the story of an offer, and how the offer's row answers the same. */
export type OfferUpdateRequest<Ret, Args extends unknown[], Offer extends EndableOffer> = Omit<
  UpdateRequest<Ret, Args>,
  'answerFromRow'
> & {
  /** The agent's offer as it is now. */
  read: () => Promise<Offer>;
  /** The answer that the row has: a result, or a problem thrown; undefined where the story is to decide. */
  fromRow: (offer: Offer) => Ret | undefined | Promise<Ret | undefined>;
};

/**
 * Asks the story; what it refuses, and what it is not there for any more (rule 4), the row tells in full: what happened
 * and when.
 */
export async function executeOfferUpdate<Ret, Args extends unknown[], Offer extends EndableOffer>(
  deps: Deps,
  { read, fromRow, ...asked }: OfferUpdateRequest<Ret, Args, Offer>,
): Promise<Ret> {
  try {
    return await executeUpdate(deps, { ...asked, answerFromRow: async () => fromRow(await read()) });
  } catch (error) {
    const refused = refusalOf(error)?.type;
    if (refused !== 'offer-ended' && refused !== 'not-allowed-now') throw error;
    const answered = await fromRow(refused === 'offer-ended' ? await readUntilEnded(read) : await read());
    if (answered !== undefined) return answered;
    throw error;
  }
}
