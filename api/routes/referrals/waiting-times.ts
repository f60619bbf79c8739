import { mostAskedAtOnce } from '../../../domain/referrals/overlap.ts';
import { chooseWaitingTimes, type WaitingTime } from '../../../domain/referrals/waiting-times.ts';
import type { LanguageCode } from '../../../domain/values/languages.ts';
import { readWaitingTimes } from '../../../store/referrals/waiting-times.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { waitingTimes, waitingTimesQuery } from '../../schemas/referrals/waiting-times.ts';

/** Route to read how long requests wait for an agent. Everybody gets the same, so caches may keep it for a while. */
export function waitingTimeRoutes({ db, settings, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/waiting-times',
      summary: 'Get how long requests wait for an agent',
      description:
        'Of the narrowest group with at least 20 requests: the state and language, the state, or all states; the time first at this hour of the day, then over the month; the share without an agent over the month.',
      query: waitingTimesQuery,
      responses: { 200: { description: 'The waiting times, from the last count', schema: waitingTimes } },
      handle: async ({ query }) => {
        const { state, language } = query;
        const { found, unmatched } = chooseWaitingTimes(
          await readWaitingTimes(db, { state, language }),
          now(),
        );
        return {
          status: 200,
          headers: { 'Cache-Control': 'public, max-age=300' },
          body: {
            found: found?.found
              ? { ...groupOf(found), ...found.found, countedAt: found.countedAt.toISOString() }
              : null,
            unmatched: unmatched
              ? { ...groupOf(unmatched), share: Math.round(unmatched.unmatchedShare * 100) / 100 }
              : null,
            agentsAtOnce: mostAskedAtOnce(settings.policy.offerOverlap),
            contactWithinSeconds: Math.ceil(settings.policy.followUpWindowMs / 1000),
          },
        };
      },
    }),
  ];
}

/** Whose requests a figure is about, as it is answered. */
export const groupOf = ({ state, language, period }: WaitingTime) => ({
  state,
  language: language as LanguageCode | null,
  period,
});
