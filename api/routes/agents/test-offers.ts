import { z } from 'zod';
import { answerTestOffer, readTestOffers, sendTestOffer } from '../../../store/agents/test-offers.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { type Route, route } from '../../http/route.ts';
import { type TestOffersView, testOfferAnswer, testOffers } from '../../schemas/agents/test-offers.ts';
import { emptyBody, id } from '../../schemas/fields.ts';

/** Routes of test offers, which an agent sends themselves before a shift. They take no capacity and are in no figures. */
export function testOfferRoutes({ db, now }: Deps, limiter: RateLimiter): Route[] {
  return [
    route({
      key: 'GET /v1/me/test-offers',
      summary: 'List the latest test offers, with what came of each channel',
      responses: { 200: { description: 'The test offers', schema: testOffers } },
      handle: async ({ caller }) => ({ status: 200, body: await readView(caller.npn) }),
    }),
    route({
      key: 'POST /v1/me/test-offers',
      summary: 'Send the agent a test offer over every chosen channel',
      body: emptyBody,
      responses: { 201: { description: 'It is being sent', schema: testOffers } },
      problems: ['too-many-requests'],
      handle: async ({ caller: { npn }, request }) => {
        await limiter.count('testOffersByAgent', npn, request.res);
        await db.transaction().execute((tx) => sendTestOffer(tx, { npn, at: now() }));
        return { status: 201, body: await readView(npn) };
      },
    }),
    route({
      key: 'POST /v1/test-offer-links/:id/confirmation',
      summary: 'Record that a test offer arrived over the channel of this link',
      params: z.strictObject({ id }),
      body: emptyBody,
      responses: { 200: { description: 'Recorded now or earlier, or too late', schema: testOfferAnswer } },
      problems: ['not-found'],
      handle: async ({ caller: { testOfferId, channel } }) => {
        const answer = await answerTestOffer(db, { id: testOfferId, channel, at: now() });
        if (!answer) return fail('not-found');
        return { status: 200, body: { channel, answeredAt: answer.answeredAt?.toISOString() ?? null } };
      },
    }),
  ];

  async function readView(npn: string): Promise<TestOffersView> {
    const items = await readTestOffers(db, npn);
    return {
      items: items.map(({ id: testOfferId, createdAt, expiresAt, channels }) => ({
        id: testOfferId,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        channels: channels.map(({ changedAt, answeredAt, ...channel }) => ({
          ...channel,
          changedAt: new Date(changedAt).toISOString(),
          answeredAt: answeredAt === null ? null : new Date(answeredAt).toISOString(),
        })),
      })),
    };
  }
}
