import type { DeclineReason } from '../domain/offer.ts';
import { type OfferRow, readOffer } from '../store/offers.ts';
import { accept, decline as declineUpdate, referralWorkflowId } from '../workflows/messages.ts';
import { askWorkflow } from './ask-workflow.ts';
import type { Deps } from './deps.ts';
import { fail } from './problems.ts';

/** How an agent answers an offer, through whichever door: each answer ends in its result or in a problem. */
export function createOfferAnswers(deps: Deps) {
  return {
    /** Accepts, now or before by the same agent. */
    async accept({ offerId, npn }: Answering): Promise<{ referralId: string }> {
      const { referralId, acceptedAt, ...offer } = await ownOffer(offerId, npn);
      if (acceptedAt) checkHeld({ ...offer, acceptedAt });
      else {
        if (offer.endedAt) failEnded(offer);
        await askWorkflow(deps, {
          workflowId: referralWorkflowId({ referralId }),
          update: accept,
          updateId: `accept-${offerId}`,
          args: [{ offerId }],
          gone: () => acceptedInRow(offerId, npn),
        });
      }
      return { referralId };
    },

    /** Declines, now or before by the same agent. */
    async decline({
      offerId,
      npn,
      reason,
    }: Answering & { reason: DeclineReason }): Promise<{ referralId: string; endedAt: string }> {
      const offer = await ownOffer(offerId, npn);
      const { referralId } = offer;
      const { endedAt } =
        declinedAs(offer) ??
        (await askWorkflow(deps, {
          workflowId: referralWorkflowId({ referralId }),
          update: declineUpdate,
          updateId: `decline-${offerId}`,
          args: [{ offerId, reason }],
          gone: async () => declinedAs(await ownOffer(offerId, npn)),
        }));
      return { referralId, endedAt };
    },
  };

  /** The offer, if it is this agent's; another's is as unknown as none. */
  async function ownOffer(offerId: string, npn: string): Promise<OfferRow> {
    const offer = await readOffer(deps.db, offerId);
    return offer?.npn === npn ? offer : fail('not-found');
  }

  /** The row's answer to an acceptance when the workflow is gone (rule 4). */
  async function acceptedInRow(offerId: string, npn: string): Promise<{ acceptedAt: string } | undefined> {
    const { acceptedAt, ...offer } = await ownOffer(offerId, npn);
    if (acceptedAt) checkHeld({ ...offer, acceptedAt });
    else if (offer.endedAt) failEnded(offer);
    return acceptedAt ? { acceptedAt: acceptedAt.toISOString() } : undefined;
  }
}

interface Answering {
  offerId: string;
  npn: string;
}

type Ended = Pick<OfferRow, 'endedAs' | 'endedAt'>;

/** The winner's repeat gets the first result, as long as the contact is still the agent's to have. */
function checkHeld(offer: Ended & { acceptedAt: Date }): void {
  if (offer.endedAt && offer.endedAs !== 'closed') failEnded(offer);
}

function declinedAs(offer: Ended & Pick<OfferRow, 'acceptedAt'>): { endedAt: string } | undefined {
  if (offer.endedAs === 'declined' && offer.endedAt) return { endedAt: offer.endedAt.toISOString() };
  if (offer.endedAt) failEnded(offer);
  if (offer.acceptedAt)
    fail('not-allowed-now', {
      detail: 'You accepted this offer.',
      members: { at: offer.acceptedAt.toISOString() },
    });
  return undefined;
}

/** What happened to the offer, and when. */
function failEnded({ endedAs, endedAt }: Ended): never {
  return fail('offer-ended', { members: { end: endedAs, at: endedAt?.toISOString() } });
}
