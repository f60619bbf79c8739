import { z } from 'zod';
import { explainMatch } from '../../../domain/matching/matching.ts';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import {
  type MatchDecisionRecord,
  readMatchDecisions,
  readReferralRequest,
} from '../../../store/matching/match-decisions.ts';
import {
  type DecisionExplanation,
  explainDecision,
  readExclusions,
} from '../../../store/matching/match-explanations.ts';
import { type ConsentRecord, readConsentRecords } from '../../../store/referrals/consents/consents.ts';
import {
  type OfferWithDisclosures,
  readOffersWithDisclosures,
} from '../../../store/referrals/offers/disclosures.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import {
  type Decisions,
  decisionsParams,
  decisionsQuery,
  decisions as decisionsSchema,
} from '../../schemas/ops/decisions.ts';
import { offersOnRecord } from '../../schemas/ops/ops-offers.ts';

/** Route of the match decisions of a referral, with an explanation for one agent. */
export function decisionsRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/referrals/:id/decisions',
    summary: 'List the match decisions of a referral, and why an agent was not asked',
    params: decisionsParams,
    query: decisionsQuery,
    responses: { 200: { description: 'Each match decision', schema: decisionsSchema } },
    handle: async ({ params: { id: referralId }, query }) => {
      const npn = query.npn === undefined ? undefined : (normalizeNpn(query.npn) ?? fail('not-found'));
      const referral = (await readReferralRequest(db, referralId)) ?? fail('not-found');
      const decisions = await readMatchDecisions(db, referralId);
      const exclusions = npn
        ? ((await readExclusions(db, referral, { npn, decisions })) ?? fail('not-found'))
        : [];
      const explainAt = query.explain ? Date.parse(query.explain) : decisions.at(-1)?.at.getTime();
      const items: Decisions['items'] = [];
      for (const [index, decision] of decisions.entries()) {
        const isAsked = decision.at.getTime() === explainAt;
        const explanation = isAsked ? await explainDecision(db, referral, decision) : undefined;
        const about = { asked: decision.npn, ranked: explanation?.ranked ?? null };
        const { excluded, since } = exclusions[index] ?? { excluded: null, since: null };
        const skipped = since ? { since: since.toISOString() } : {};
        const agent = npn ? { rank: null, ...explainMatch(npn, { ...about, excluded }), ...skipped } : null;
        items.push({ ...toDecisionItem(decision, explanation), agent });
      }
      const { state, zip, language, interpreter } = referral;
      return { status: 200, body: { request: { state, zip, language, interpreter }, items } };
    },
  });
}

function toDecisionItem(
  { at, limits, ...rest }: MatchDecisionRecord,
  explanation: DecisionExplanation | undefined,
) {
  return {
    ...rest,
    limits: { ...limits },
    at: at.toISOString(),
    explainedAt: explanation ? new Date().toISOString() : null,
    considered: explanation?.considered ?? null,
    excluded: explanation?.excluded ?? null,
    ranked: explanation?.ranked ?? null,
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
