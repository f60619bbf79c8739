import { explainMatch } from '../../../domain/matching/matching.ts';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import {
  type MatchDecisionRecord,
  readAgentAtDecisions,
  readMatchDecisions,
  readReferralRequest,
} from '../../../store/matching/match-decisions.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { decisionsParams, decisionsQuery, decisions as schema } from '../../schemas/ops/decisions.ts';

/** How a referral's agents were chosen, and why one of them was not. */
export function decisionsRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/referrals/:id/decisions',
    summary: 'How the agents of a referral were chosen, and why one was not',
    params: decisionsParams,
    query: decisionsQuery,
    responses: { 200: { description: 'Each look for somebody', schema } },
    handle: async ({ params: { id }, query }) => {
      const npn = query.npn === undefined ? undefined : (normalizeNpn(query.npn) ?? fail('not-found'));
      const request = (await readReferralRequest(db, id)) ?? fail('not-found');
      const decisions = await readMatchDecisions(db, id);
      const agents = npn
        ? ((await readAgentAtDecisions(db, id, { npn, decisions })) ?? fail('not-found'))
        : [];
      const items = decisions.map((decision, index) => {
        const agent = agents[index];
        const why = npn && agent ? { rank: null, ...explainMatch(npn, decision, agent) } : null;
        return { ...toDecisionItem(decision), agent: why };
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
