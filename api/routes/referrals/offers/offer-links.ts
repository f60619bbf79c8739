import { z } from 'zod';
import { readLinkedOffer } from '../../../../store/referrals/offers/agent-views.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import { type Route, route } from '../../../http/route.ts';
import { emptyBody, id } from '../../../schemas/fields.ts';
import {
  linkedOffer,
  offerAcceptedByLink,
  offerDecline,
  offerDeclined,
} from '../../../schemas/referrals/offers.ts';
import { createOfferCommands } from './offer-commands.ts';

const params = z.strictObject({ id });

/**
 * Routes for the link in an offer's message. The link gives access to that one offer only. Opening it does not answer the
 * offer, because mail scanners open links too, but is recorded as data shown to the agent. The consumer's contact
 * is shown only in the portal, after log-in.
 */
export function offerLinkRoutes(deps: Deps): Route[] {
  const offerCommands = createOfferCommands(deps);
  return [
    route({
      key: 'GET /v1/offer-links/:id',
      summary: 'Get the offer behind the link in a message',
      params,
      responses: { 200: { description: 'The offer, without the consumer', schema: linkedOffer } },
      handle: async ({ caller }) => {
        const at = deps.now();
        const { offeredAt, expiresAt, acceptedAt, endedAt, endedAs, ...offer } =
          (await readLinkedOffer(deps.db, { id: caller.offer.id, at })) ?? fail('not-found');
        const isOver = !acceptedAt && !endedAt && expiresAt <= at;
        return {
          status: 200 as const,
          body: {
            ...offer,
            offeredAt: offeredAt.toISOString(),
            expiresAt: expiresAt.toISOString(),
            acceptedAt: acceptedAt?.toISOString() ?? null,
            // shown as expired although the workflow will only end it in a moment: it can no longer be answered
            end: endedAs ?? (isOver ? 'expired' : null),
            endedAt: (endedAt ?? (isOver ? expiresAt : null))?.toISOString() ?? null,
          },
        };
      },
    }),
    route({
      key: 'POST /v1/offer-links/:id/acceptance',
      summary: 'Accept the offer; the inbox shows the consumer’s contact after log-in',
      params,
      body: emptyBody,
      responses: {
        200: { description: 'Accepted now, or earlier by the same agent', schema: offerAcceptedByLink },
      },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      handle: async ({ caller }) => {
        await offerCommands.accept(caller.offer, { contactShown: false });
        return { status: 200, body: { referralId: caller.offer.referralId } };
      },
    }),
    route({
      key: 'POST /v1/offer-links/:id/decline',
      summary: 'Decline the offer; the next agent gets an offer at once',
      params,
      body: offerDecline,
      responses: {
        200: { description: 'Declined now, or earlier by the same agent', schema: offerDeclined },
      },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      handle: async ({ caller, body: { reason } }) => {
        const { endedAt } = await offerCommands.decline(caller.offer, reason);
        return { status: 200, body: { referralId: caller.offer.referralId, end: 'declined', at: endedAt } };
      },
    }),
  ];
}
