import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureType } from '../../../../domain/failures.ts';
import type { DeclineReason } from '../../../../domain/referrals/offer.ts';
import type { Contact } from '../../../../store/encryption/contacts.ts';
import { readOfferContact } from '../../../../store/referrals/offers/agent-views.ts';
import { type OfferRow, readOffer } from '../../../../store/referrals/offers/offers.ts';
import { accept, decline, referralWorkflowId } from '../../../../workflows/messages.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import { executeUpdate, type UpdateRequest } from '../../../temporal/execute-update.ts';
import { createLostUpdates } from '../lost-updates.ts';

/**
 * Creates the commands of an agent on an offer, shared by the inbox, the link and replies to texts. An answered offer is
 * answered from its row, of which its workflow is sure to know only once the time to answer is over; an open one by its
 * workflow, whose refusal is explained from the row.
 */
export function createOfferCommands(deps: Deps) {
  const lostUpdates = createLostUpdates(deps);
  const mayBeUnknown = ({ expiresAt }: OfferRow) => deps.now() < expiresAt;
  const readAgain = (id: string, refusal?: FailureType) =>
    readAfterRefusal(refusal, async () => (await readOffer(deps.db, id)) ?? fail('not-found'));

  return {
    /** Reads an offer of this agent. @throws a problem of type `not-found`, also for an offer of another agent */
    async read({ offerId, npn }: { offerId: string; npn: string }): Promise<OfferRow> {
      const offer = await readOffer(deps.db, offerId);
      return offer?.npn === npn ? offer : fail('not-found');
    },

    /**
     * Accepts the offer. A repeat by the same agent gets the same result.
     * @param contactShown whether the answer shows the consumer's contact, which an acceptance then records
     * @returns whether that is on record; it is not for a repeat
     * @throws a problem
     */
    async accept(
      offer: OfferRow,
      { contactShown }: { contactShown: boolean },
    ): Promise<{ isOnRecord: boolean }> {
      const command: UpdateRequest<
        { acceptedAt: string; isOnRecord?: boolean },
        [{ offerId: string; contactShown?: boolean }]
      > = {
        workflowId: referralWorkflowId(offer),
        update: accept,
        updateId: `accept-${offer.id}`,
        args: [{ offerId: offer.id, contactShown }],
        answerFromRow: async (refusal) => acceptanceIn(await readAgain(offer.id, refusal)),
      };
      if (!acceptanceIn(offer)) {
        const { isOnRecord = false } = await executeUpdate(deps, command);
        return { isOnRecord };
      }
      if (mayBeUnknown(offer)) await lostUpdates.repeat(offer.referralId, command);
      return { isOnRecord: false };
    },

    /** Declines the offer. A repeat by the same agent gets the same result. @throws a problem */
    async decline(offer: OfferRow, reason: DeclineReason): Promise<{ endedAt: string }> {
      const command: UpdateRequest<{ endedAt: string }, [{ offerId: string; reason: DeclineReason }]> = {
        workflowId: referralWorkflowId(offer),
        update: decline,
        updateId: `decline-${offer.id}`,
        args: [{ offerId: offer.id, reason }],
        answerFromRow: async (refusal) => declineIn(await readAgain(offer.id, refusal)),
      };
      const declined = declineIn(offer);
      if (declined && mayBeUnknown(offer)) await lostUpdates.repeat(offer.referralId, command);
      return declined ?? executeUpdate(deps, command);
    },

    /**
     * Reads the consumer's contact for the agent who accepted, and records that it is shown unless that is on record.
     * @throws a problem once the offer has ended
     */
    async contact(offerId: string, { isOnRecord }: { isOnRecord: boolean }): Promise<Contact> {
      // a rescinded consent deletes the contact at once, and the workflow ends the offer a moment later
      const { contact, ...offer } = await readUntilEnded(
        async () =>
          (await readOfferContact(deps.db, deps.keyring, { offerId, at: deps.now(), isOnRecord })) ??
          fail('not-found'),
        (current) => current.contact !== undefined,
      );
      if (contact) return contact;
      return offer.endedAt ? failOfferEnded(offer) : fail('not-answered-yet', { retryAfter: 1 });
    },
  };
}

/** Returns the result of an accepted offer; undefined while it is open. @throws a problem if the offer has ended */
function acceptanceIn(offer: OfferRow): { acceptedAt: string } | undefined {
  const { acceptedAt, endedAt } = offer;
  if (endedAt) failOfferEnded(offer);
  return acceptedAt ? { acceptedAt: acceptedAt.toISOString() } : undefined;
}

/** Returns the result of a declined offer; undefined while it is open. @throws a problem if it was answered otherwise */
function declineIn(offer: OfferRow): { endedAt: string } | undefined {
  if (offer.endedAs === 'declined' && offer.endedAt) return { endedAt: offer.endedAt.toISOString() };
  if (offer.endedAt) failOfferEnded(offer);
  if (offer.acceptedAt)
    fail('not-allowed-now', {
      detail: 'You have accepted this offer.',
      members: { at: offer.acceptedAt.toISOString() },
    });
  return undefined;
}

interface EndableOffer {
  endedAs: string | null;
  endedAt: Date | null;
}

/** @throws a problem of type `offer-ended` with how and when the offer ended */
export function failOfferEnded({ endedAs, endedAt }: EndableOffer): never {
  return fail('offer-ended', { members: { end: endedAs, at: endedAt?.toISOString() } });
}

/** Reads an offer that its workflow has refused to change, or whose workflow is closed: as ended, if it says so. */
export function readAfterRefusal<Offer extends EndableOffer>(
  refusal: FailureType | undefined,
  read: () => Promise<Offer>,
): Promise<Offer> {
  return refusal === 'offer-ended' ? readUntilEnded(read) : read();
}

/** Maximum milliseconds until the end that a workflow has claimed is written, and the interval of polling for it. */
const endTimeoutMs = 2_000;
const endPollMs = 100;

/**
 * Reads an offer until its end is written or `isEnough` returns true. The workflow claims an end before it writes it, and
 * only the row has its kind and time.
 * @returns the offer as last read, even if the end was not written in time
 */
async function readUntilEnded<Offer extends EndableOffer>(
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
