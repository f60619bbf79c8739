import { z } from 'zod';
import type { Policy } from '../../../../domain/policy.ts';
import { readNotServing } from '../../../../store/agents/not-serving.ts';
import type { Contact } from '../../../../store/encryption/contacts.ts';
import {
  type AcceptedReferralView,
  readAcceptedReferrals,
  readUnansweredOffers,
} from '../../../../store/referrals/offers/agent-views.ts';
import type { Deps } from '../../../deps.ts';
import { pageSize, readPageCursor, toPageCursor } from '../../../http/requests/pagination.ts';
import { type Route, route } from '../../../http/route.ts';
import { emptyBody, id, page } from '../../../schemas/fields.ts';
import {
  type AgentReferral,
  agentReferralList,
  offerAccepted,
  offerDecline,
  offerDeclined,
  offerList,
  offerStatus,
} from '../../../schemas/referrals/offers.ts';
import { nextTryOf } from './attempts.ts';
import { createOfferCommands } from './offer-commands.ts';

const params = z.strictObject({ id });

/** Routes of the agent's inbox: open offers, their answers and accepted referrals. */
export function offerRoutes(deps: Deps): Route[] {
  const { db, keyring, now, settings } = deps;
  const offerCommands = createOfferCommands(deps);
  return [
    route({
      key: 'GET /v1/me/offers',
      summary: 'List the open offers of the agent, and why no more of them come',
      responses: { 200: { description: 'The first to expire first', schema: offerList } },
      handle: async ({ caller: { npn } }) => {
        const at = now();
        const offers = await readUnansweredOffers(db, { npn, at });
        const notServing = await readNotServing(db, { npn, at, limits: settings.policy });
        return {
          status: 200,
          body: {
            offers: offers.map(({ offeredAt, expiresAt, ...offer }) => ({
              ...offer,
              offeredAt: offeredAt.toISOString(),
              expiresAt: expiresAt.toISOString(),
            })),
            notServing: notServing.map(({ until, states, ...rest }) => ({
              ...rest,
              until: isoOrNull(until),
              states: [...states],
            })),
          },
        };
      },
    }),
    route({
      key: 'GET /v1/offers/:id',
      summary: 'Get what became of an offer',
      params,
      responses: { 200: { description: 'Open, accepted, or how and when it ended', schema: offerStatus } },
      problems: ['not-found'],
      handle: async ({ params: { id: offerId }, caller: { npn } }) => {
        const { referralId, offeredAt, expiresAt, acceptedAt, endedAt, endedAs } = await offerCommands.read({
          offerId,
          npn,
        });
        return {
          status: 200,
          body: {
            id: offerId,
            referralId,
            offeredAt: offeredAt.toISOString(),
            expiresAt: expiresAt.toISOString(),
            acceptedAt: isoOrNull(acceptedAt),
            end: endedAs,
            endedAt: isoOrNull(endedAt),
          },
        };
      },
    }),
    route({
      key: 'POST /v1/offers/:id/acceptance',
      summary: 'Accept an offer and get the consumer’s contact',
      params,
      body: emptyBody,
      responses: {
        200: { description: 'Accepted now, or earlier by the same agent', schema: offerAccepted },
      },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      handle: async ({ params: { id: offerId }, caller: { npn } }) => {
        const offer = await offerCommands.read({ offerId, npn });
        const accepted = await offerCommands.accept(offer, { contactShown: true });
        const consumer = await offerCommands.contact(offerId, accepted);
        return { status: 200, body: { referralId: offer.referralId, consumer } };
      },
    }),
    route({
      key: 'POST /v1/offers/:id/decline',
      summary: 'Decline an offer; the next agent gets an offer at once',
      params,
      body: offerDecline,
      responses: {
        200: { description: 'Declined now, or earlier by the same agent', schema: offerDeclined },
      },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      handle: async ({ params: { id: offerId }, body: { reason }, caller: { npn } }) => {
        const offer = await offerCommands.read({ offerId, npn });
        const { endedAt } = await offerCommands.decline(offer, reason);
        return { status: 200, body: { referralId: offer.referralId, end: 'declined', at: endedAt } };
      },
    }),
    route({
      key: 'GET /v1/me/referrals',
      summary: 'List the referrals that the agent accepted',
      query: z.strictObject({ page }),
      responses: { 200: { description: 'The latest first', schema: agentReferralList } },
      handle: async ({ query, caller: { npn } }) => {
        const after = readPageCursor(query.page, 'uuid');
        const { page: shown, isLast } = await readAcceptedReferrals(db, keyring, {
          npn,
          after,
          size: pageSize,
          at: now(),
        });
        const last = isLast ? undefined : shown.at(-1);
        const nextPage = last ? toPageCursor(last.acceptedAt, last.offerId) : null;
        const context = { policy: settings.policy, now: now() };
        const referrals = shown.map((row) => toAgentReferral(row, context));
        return { status: 200, body: { referrals, nextPage } };
      },
    }),
  ];
}

function toAgentReferral(
  { contact, endedAs, timeZone, ...row }: AcceptedReferralView,
  context: { policy: Policy; now: Date },
): AgentReferral {
  const stage = row.endedAt ? 'ended' : row.contactedAt ? 'contacted' : 'accepted';
  const nextTry = stage === 'accepted' ? nextTryOf({ ...row, timeZone }, context) : undefined;
  return {
    ...row,
    stage,
    nextTryAt: isoOrNull(row.nextTryAt),
    nextTry: nextTry
      ? { byDefault: nextTry.byDefault.toISOString(), latest: nextTry.latest.toISOString() }
      : null,
    acceptedAt: row.acceptedAt.toISOString(),
    contactDueAt: isoOrNull(row.contactDueAt),
    contactedAt: isoOrNull(row.contactedAt),
    closesAt: isoOrNull(row.closesAt),
    endedAt: isoOrNull(row.endedAt),
    end: endedAs,
    consumer: contact ? consumerView(contact) : null,
  };
}

function isoOrNull(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}

function consumerView({ name, phone, email }: Contact) {
  return { name, phone, email };
}
