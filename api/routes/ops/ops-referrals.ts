import { z } from 'zod';
import { explainMatch } from '../../../domain/matching/matching.ts';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import {
  type MatchDecisionRecord,
  readAgentAtDecisions,
  readMatchDecisions,
  readReferralRequest,
} from '../../../store/matching/match-decisions.ts';
import { type ConsentRecord, readConsentRecords } from '../../../store/referrals/consents.ts';
import {
  type OfferWithDisclosures,
  readOffersWithDisclosures,
} from '../../../store/referrals/disclosures.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { decisions, decisionsParams, decisionsQuery } from '../../schemas/ops/decisions.ts';
import { offersOnRecord } from '../../schemas/ops/ops-offers.ts';

/** Route of the match decisions of a referral, with an explanation for one agent. */
export function decisionsRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/referrals/:id/decisions',
    summary: 'List the match decisions of a referral, and why an agent was not asked',
    params: decisionsParams,
    query: decisionsQuery,
    responses: { 200: { description: 'Each match decision', schema: decisions } },
    handle: async ({ params: { id: referralId }, query }) => {
      const npn = query.npn === undefined ? undefined : (normalizeNpn(query.npn) ?? fail('not-found'));
      const request = (await readReferralRequest(db, referralId)) ?? fail('not-found');
      const records = await readMatchDecisions(db, referralId);
      const agents = npn
        ? ((await readAgentAtDecisions(db, referralId, { npn, decisions: records })) ?? fail('not-found'))
        : [];
      const items = records.map((decision, index) => {
        const agent = agents[index];
        const explanation = npn && agent ? { rank: null, ...explainMatch(npn, decision, agent) } : null;
        return { ...toDecisionItem(decision), agent: explanation };
      });
      return { status: 200, body: { request, items } };
    },
  });
}

function toDecisionItem({ at, explainedAt, limits, ...rest }: MatchDecisionRecord) {
  return {
    ...rest,
    limits: { ...limits },
    at: at.toISOString(),
    explainedAt: explainedAt?.toISOString() ?? null,
  };
}

/** Route of the offers of a referral, with the data that each agent saw. */
export function offersOnRecordRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/referrals/:id/offers',
    summary: 'List the offers of a referral, how each ended and what each agent saw',
    params: z.strictObject({ id }),
    responses: { 200: { description: 'Each offer', schema: offersOnRecord } },
    problems: ['not-found'],
    handle: async ({ params }) => {
      const offers = (await readOffersWithDisclosures(db, params.id)) ?? fail('not-found');
      const consents = await readConsentRecords(db, params.id);
      return { status: 200, body: { consents: consents.map(toConsentItem), items: offers.map(toOfferItem) } };
    },
  });
}

function toOfferItem({ endedAs, disclosures, ...offer }: OfferWithDisclosures) {
  const { offeredAt, expiresAt, acceptedAt, contactedAt, endedAt } = offer;
  return {
    ...offer,
    offeredAt: offeredAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
    contactedAt: contactedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    end: endedAs,
    disclosures: disclosures.map(({ firstAt, lastAt, ...rest }) => ({
      ...rest,
      firstAt: new Date(firstAt).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
    })),
  };
}

function toConsentItem({ givenAt, expiresAt, rescindedAt, ...consent }: ConsentRecord) {
  return {
    ...consent,
    givenAt: givenAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    rescindedAt: rescindedAt?.toISOString() ?? null,
  };
}
