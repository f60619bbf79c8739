import { mostLatest, unofferedDays } from '../../../../domain/matching/unoffered.ts';
import { figuresSince } from '../../../../domain/referrals/agent-figures.ts';
import { readUnofferedReferrals } from '../../../../store/referrals/matching/unoffered-referrals.ts';
import { readAgentFigures, readOwnEnds } from '../../../../store/referrals/offers/agent-figures.ts';
import { readOfferHistory } from '../../../../store/referrals/offers/offer-history.ts';
import type { Deps } from '../../../deps.ts';
import { pageSize, readPageCursor, toPageCursor } from '../../../http/requests/pagination.ts';
import { type Route, route } from '../../../http/route.ts';
import { agentFigures } from '../../../schemas/referrals/agent-figures.ts';
import { offerHistory, offerHistoryQuery } from '../../../schemas/referrals/offer-history.ts';
import { unofferedReferrals } from '../../../schemas/referrals/unoffered-referrals.ts';

/** Routes of what an agent was offered, how they compare, and what went elsewhere. They tell nothing of who a consumer is. */
export function agentRecordRoutes({ db, now, settings }: Deps): Route[] {
  const { followUpWindowMs: contactWithinMs } = settings.policy;
  return [
    route({
      key: 'GET /v1/me/offers/history',
      summary: 'List everything that was offered to the agent, and what became of it',
      query: offerHistoryQuery,
      responses: { 200: { description: 'The latest first', schema: offerHistory } },
      handle: async ({ query: { page, ...filter }, caller: { npn } }) => {
        const after = readPageCursor(page, 'uuid');
        const about = { npn, filter, after, size: pageSize, at: now() };
        const { page: shown, isLast } = await readOfferHistory(db, about);
        const last = isLast ? undefined : shown.at(-1);
        const offers = shown.map(({ offeredAt, acceptedAt, contactedAt, endedAt, ...offer }) => ({
          ...offer,
          offeredAt: offeredAt.toISOString(),
          acceptedAt: acceptedAt?.toISOString() ?? null,
          contactedAt: contactedAt?.toISOString() ?? null,
          endedAt: endedAt?.toISOString() ?? null,
        }));
        const nextPage = last ? toPageCursor(last.offeredAt, last.id) : null;
        return { status: 200, body: { offers, nextPage } };
      },
    }),
    route({
      key: 'GET /v1/me/figures',
      summary: 'Get the agent’s figures of the last 30 days beside the medians of their states',
      responses: {
        200: { description: 'The figures by state, the most offers first', schema: agentFigures },
      },
      handle: async ({ caller: { npn } }) => {
        const at = now();
        const states = await readAgentFigures(db, { npn, at, contactWithinMs });
        const ends = await readOwnEnds(db, { npn, at });
        return {
          status: 200,
          body: {
            since: figuresSince(at).toISOString(),
            contactWithinSeconds: Math.ceil(contactWithinMs / 1000),
            states: states.map(({ medians, ...row }) => ({
              ...row,
              medians: medians && { ...medians, countedAt: medians.countedAt.toISOString() },
            })),
            became: ends,
          },
        };
      },
    }),
    route({
      key: 'GET /v1/me/unoffered-referrals',
      summary: 'Get why requests in the agent’s states were not offered to them',
      description:
        'Of the last 30 days, and of the latest 50,000 requests of all states at most. Of the searches for one request the one ' +
        'counts that came closest to the agent. Language, place and channels are taken as they are now.',
      responses: {
        200: { description: 'Counts by day, and the latest requests', schema: unofferedReferrals },
      },
      handle: async ({ caller: { npn } }) => {
        const asked = { npn, since: figuresSince(now()), latest: mostLatest };
        const { since, counts, ...found } = await db
          .transaction()
          .execute((tx) => readUnofferedReferrals(tx, asked));
        return {
          status: 200,
          body: { ...found, since: since.toISOString(), days: unofferedDays(counts) },
        };
      },
    }),
  ];
}
