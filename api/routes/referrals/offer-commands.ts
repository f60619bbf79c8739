import { setTimeout as sleep } from 'node:timers/promises';
import { refusalOf } from '../../../domain/failures.ts';
import type { DeclineReason } from '../../../domain/referrals/offer.ts';
import { type DisclosedContact, readOfferContact } from '../../../store/referrals/agent-views.ts';
import { type OfferRow, readOffer } from '../../../store/referrals/offers.ts';
import { accept, decline as declineUpdate, referralWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { executeUpdate, type UpdateRequest } from '../../temporal/execute-update.ts';

/** Creates the commands of an agent on an offer, shared by the inbox, the link and replies to texts. */
export function createOfferCommands(deps: Deps) {
  return {
    /** Accepts the offer. A repeat by the same agent gets the same result. @throws a problem */
    async accept({ offerId, npn }: OfferOfAgent): Promise<{ referralId: string }> {
      const offer = await requireOwnOffer(offerId, npn);
      const { referralId } = offer;
      if (!acceptanceIn(offer))
        await executeForAgent(acceptanceIn, {
          npn,
          offerId,
          workflowId: referralWorkflowId({ referralId }),
          update: accept,
          updateId: `accept-${offerId}`,
          args: [{ offerId }],
        });
      return { referralId };
    },

    /** Declines the offer. A repeat by the same agent gets the same result. @throws a problem */
    async decline({
      offerId,
      npn,
      reason,
    }: OfferOfAgent & { reason: DeclineReason }): Promise<{ referralId: string; endedAt: string }> {
      const offer = await requireOwnOffer(offerId, npn);
      const { referralId } = offer;
      const { endedAt } =
        declineIn(offer) ??
        (await executeForAgent(declineIn, {
          npn,
          offerId,
          workflowId: referralWorkflowId({ referralId }),
          update: declineUpdate,
          updateId: `decline-${offerId}`,
          args: [{ offerId, reason }],
        }));
      return { referralId, endedAt };
    },

    /** Reads the consumer's contact for the agent who accepted. @throws a problem once the offer has ended */
    async contact(offerId: string): Promise<DisclosedContact> {
      // a rescinded consent deletes the contact at once, and the workflow ends the offer a moment later
      const { contact, ...offer } = await readUntilEnded(
        async () => (await readOfferContact(deps.db, { offerId, at: deps.now() })) ?? fail('not-found'),
        (current) => current.contact !== undefined,
      );
      if (contact) return contact;
      return offer.endedAt ? failOfferEnded(offer) : fail('not-answered-yet', { retryAfter: 1 });
    },
  };

  function executeForAgent<Ret, Args extends unknown[]>(
    answerFromOffer: (offer: OfferRow) => Ret | undefined,
    { npn, offerId, ...request }: OfferOfAgent & Omit<UpdateRequest<Ret, Args>, 'answerFromRow'>,
  ): Promise<Ret> {
    return executeOfferUpdate(deps, {
      ...request,
      readOffer: () => requireOwnOffer(offerId, npn),
      answerFromOffer,
    });
  }

  /** Reads an offer of this agent. @throws a problem of type `not-found`, also for an offer of another agent */
  async function requireOwnOffer(offerId: string, npn: string): Promise<OfferRow> {
    const offer = await readOffer(deps.db, offerId);
    return offer?.npn === npn ? offer : fail('not-found');
  }
}

interface OfferOfAgent {
  offerId: string;
  npn: string;
}

/** Returns the result of an accepted offer. @throws a problem if the offer has ended */
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
      detail: 'You have accepted this offer.',
      members: { at: offer.acceptedAt.toISOString() },
    });
  return undefined;
}

/** An update about an offer, and how to answer it from the offer's row. */
export type OfferUpdateRequest<Ret, Args extends unknown[], Offer extends EndableOffer> = Omit<
  UpdateRequest<Ret, Args>,
  'answerFromRow'
> & {
  /** Reads the current row of the agent's offer. */
  readOffer: () => Promise<Offer>;
  /** Answers from the row. @returns undefined if the workflow must decide. @throws a problem */
  answerFromOffer: (offer: Offer) => Ret | undefined | Promise<Ret | undefined>;
};

/**
 * Executes an update about an offer. If the workflow refuses it or is closed (docs/architecture.md, rule 4), the answer
 * comes from the row, which has the details: how the offer ended and when.
 */
export async function executeOfferUpdate<Ret, Args extends unknown[], Offer extends EndableOffer>(
  deps: Deps,
  { readOffer: read, answerFromOffer, ...request }: OfferUpdateRequest<Ret, Args, Offer>,
): Promise<Ret> {
  try {
    return await executeUpdate(deps, {
      ...request,
      answerFromRow: async () => answerFromOffer(await read()),
    });
  } catch (error) {
    const refused = refusalOf(error)?.type;
    if (refused !== 'offer-ended' && refused !== 'not-allowed-now') throw error;
    const offer = refused === 'offer-ended' ? await readUntilEnded(read) : await read();
    const answer = await answerFromOffer(offer);
    if (answer !== undefined) return answer;
    throw error;
  }
}

/** Maximum milliseconds until the end that a workflow has claimed is written, and the interval of polling for it. */
const endTimeoutMs = 2_000;
const endPollMs = 100;

export interface EndableOffer {
  endedAs: string | null;
  endedAt: Date | null;
}

/** @throws a problem of type `offer-ended` with how and when the offer ended */
export function failOfferEnded({ endedAs, endedAt }: EndableOffer): never {
  return fail('offer-ended', { members: { end: endedAs, at: endedAt?.toISOString() } });
}

/**
 * Reads an offer until its end is written or `isEnough` returns true. The workflow claims an end before it writes it, and
 * only the row has its kind and time.
 * @returns the offer as last read, even if the end was not written in time
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
