import { z } from 'zod';
import { readLinkedOffer } from '../../../store/referrals/agent-views.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import {
  linkedOffer,
  offerAcceptedByLink,
  offerDecline,
  offerDeclined,
} from '../../schemas/referrals/offers.ts';
import { createOfferCommands } from './offer-commands.ts';

const params = z.strictObject({ id });

/**
 * What the link in an offer's message opens, and nothing else: the one offer, for the agent it was sent to. Looking
 * answers nothing, because mail scanners look too; it is written down, since one more way has reached the agent. Who the consumer is, the portal alone shows, after log-in.
 */
export function offerLinkRoutes(deps: Deps): Route[] {
  const answers = createOfferCommands(deps);
  return [
    route({
      key: 'GET /v1/offer-links/:id',
      summary: 'The offer that a message’s link opens, and what has become of it',
      params,
      responses: { 200: { description: 'The offer, without the person', schema: linkedOffer } },
      handle: async ({ caller: { offerId } }) => {
        const at = deps.now();
        const { offeredAt, expiresAt, acceptedAt, endedAt, endedAs, ...offer } =
          (await readLinkedOffer(deps.db, { id: offerId, at })) ?? fail('not-found');
        const isOver = !acceptedAt && !endedAt && expiresAt <= at;
        return {
          status: 200 as const,
          body: {
            ...offer,
            offeredAt: offeredAt.toISOString(),
            expiresAt: expiresAt.toISOString(),
            acceptedAt: acceptedAt?.toISOString() ?? null,
            // the story ends it in a moment; nobody can answer it any more
            end: endedAs ?? (isOver ? 'expired' : null),
            endedAt: (endedAt ?? (isOver ? expiresAt : null))?.toISOString() ?? null,
          },
        };
      },
    }),
    route({
      key: 'POST /v1/offer-links/:id/acceptance',
      summary: 'Accept the offer; who the consumer is, the inbox shows after log-in',
      params,
      body: emptyBody,
      responses: {
        200: { description: 'Accepted, now or before by the same agent', schema: offerAcceptedByLink },
      },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      handle: async ({ caller }) => {
        const { referralId } = await answers.accept(caller);
        return { status: 200, body: { referralId } };
      },
    }),
    route({
      key: 'POST /v1/offer-links/:id/decline',
      summary: 'Decline the offer; the next agent is asked at once',
      params,
      body: offerDecline,
      responses: { 200: { description: 'Declined, now or before by the same agent', schema: offerDeclined } },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      handle: async ({ caller, body: { reason } }) => {
        const { referralId, endedAt } = await answers.decline({ ...caller, reason });
        return { status: 200, body: { referralId, end: 'declined', at: endedAt } };
      },
    }),
  ];
}
