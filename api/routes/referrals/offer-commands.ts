import { setTimeout as sleep } from 'node:timers/promises';
import { refusalOf } from '../../../domain/failures.ts';
import type { DeclineReason } from '../../../domain/referrals/offer.ts';
import { type DisclosedContact, readOfferContact } from '../../../store/referrals/agent-views.ts';
import { type OfferRow, readOffer } from '../../../store/referrals/offers.ts';
import { accept, decline as declineUpdate, referralWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { executeUpdate, type UpdateRequest } from '../../temporal/execute-update.ts';

/** How an agent answers an offer, through whichever door: each answer ends in its result or in a problem. */
export function createOfferCommands(deps: Deps) {
  return {
    /** Accepts, now or before by the same agent. */
    async accept({ offerId, npn }: OfferOfAgent): Promise<{ referralId: string }> {
      const offer = await ownOffer(offerId, npn);
      const { referralId } = offer;
      if (!acceptanceIn(offer))
        await ask(acceptanceIn, {
          npn,
          offerId,
          workflowId: referralWorkflowId({ referralId }),
          update: accept,
          updateId: `accept-${offerId}`,
          args: [{ offerId }],
        });
      return { referralId };
    },

    /** Declines, now or before by the same agent. */
    async decline({
      offerId,
      npn,
      reason,
    }: OfferOfAgent & { reason: DeclineReason }): Promise<{ referralId: string; endedAt: string }> {
      const offer = await ownOffer(offerId, npn);
      const { referralId } = offer;
      const { endedAt } =
        declineIn(offer) ??
        (await ask(declineIn, {
          npn,
          offerId,
          workflowId: referralWorkflowId({ referralId }),
          update: declineUpdate,
          updateId: `decline-${offerId}`,
          args: [{ offerId, reason }],
        }));
      return { referralId, endedAt };
    },

    /** The consumer's contact, for the agent who accepted: not once the referral has gone on. */
    async contact(offerId: string): Promise<DisclosedContact> {
      // consent that is taken back erases the contact at once, and the story ends the offer a moment later
      const { contact, ...offer } = await readUntilEnded(
        async () => (await readOfferContact(deps.db, { offerId, at: deps.now() })) ?? fail('not-found'),
        (held) => held.contact !== undefined,
      );
      if (contact) return contact;
      return offer.endedAt ? failOfferEnded(offer) : fail('not-answered-yet', { retryAfter: 1 });
    },
  };

  function ask<Ret, Args extends unknown[]>(
    fromRow: (offer: OfferRow) => Ret | undefined,
    { npn, offerId, ...asked }: OfferOfAgent & Omit<UpdateRequest<Ret, Args>, 'answerFromRow'>,
  ): Promise<Ret> {
    return executeOfferUpdate(deps, { ...asked, read: () => ownOffer(offerId, npn), fromRow });
  }

  /** The offer, if it is this agent's; another's is as unknown as none. */
  async function ownOffer(offerId: string, npn: string): Promise<OfferRow> {
    const offer = await readOffer(deps.db, offerId);
    return offer?.npn === npn ? offer : fail('not-found');
  }
}

interface OfferOfAgent {
  offerId: string;
  npn: string;
}

/** The winner's repeat gets the first result, as long as the contact is still the agent's to have. */
function acceptanceIn(offer: OfferRow): { acceptedAt: string } | undefined {
  const { acceptedAt, endedAt } = offer;
  if (endedAt) failOfferEnded(offer);
  return acceptedAt ? { acceptedAt: acceptedAt.toISOString() } : undefined;
}

function declineIn(offer: EndableOffer & Pick<OfferRow, 'acceptedAt'>): { endedAt: string } | undefined {
  if (offer.endedAs === 'declined' && offer.endedAt) return { endedAt: offer.endedAt.toISOString() };
  if (offer.endedAt) failOfferEnded(offer);
  if (offer.acceptedAt)
    fail('not-allowed-now', {
      detail: 'You accepted this offer.',
      members: { at: offer.acceptedAt.toISOString() },
    });
  return undefined;
}

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

/** How long an end that the story has claimed may take to be written, and how often it is looked for. */
const endTimeoutMs = 2_000;
const endPollMs = 100;

export interface EndableOffer {
  endedAs: string | null;
  endedAt: Date | null;
}

/** What happened to the offer, and when. */
export function failOfferEnded({ endedAs, endedAt }: EndableOffer): never {
  return fail('offer-ended', { members: { end: endedAs, at: endedAt?.toISOString() } });
}

/**
 * Reads an offer until its end is written, or until there is what is asked for: the story claims an end before it
 * writes it down, and only the row tells which it was and when. Where that takes too long, the offer as read last.
 */
export async function readUntilEnded<Offer extends EndableOffer>(
  read: () => Promise<Offer>,
  isEnough: (offer: Offer) => boolean = () => false,
): Promise<Offer> {
  const giveUpAt = Date.now() + endTimeoutMs;
  for (;;) {
    const offer = await read();
    if (offer.endedAt || isEnough(offer) || Date.now() + endPollMs > giveUpAt) return offer;
    await sleep(endPollMs);
  }
}
