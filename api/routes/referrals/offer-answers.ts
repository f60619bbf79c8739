import type { DeclineReason } from '../../../domain/referrals/offer.ts';
import { type DisclosedContact, readOfferContact } from '../../../store/referrals/agent-views.ts';
import { type OfferRow, readOffer } from '../../../store/referrals/offers.ts';
import { accept, decline as declineUpdate, referralWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { UpdateRequest } from '../../temporal/execute-update.ts';
import { executeOfferUpdate } from './ask-about-offer.ts';
import { type EndableOffer, failOfferEnded, readUntilEnded } from './offer-ends.ts';

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
