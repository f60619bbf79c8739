import { z } from 'zod';
import { serviceOfState } from '../../../../domain/onboarding/marketplaces.ts';
import { usualCoverageYear } from '../../../../domain/time/coverage-season.ts';
import { marketplaceDateAt } from '../../../../domain/time/marketplace-calendar.ts';
import { readMarketplaces } from '../../../../store/feeds/evidence.ts';
import { resolvePlace } from '../../../../store/zip-codes.ts';
import type { Deps } from '../../../deps.ts';
import { type Route, route } from '../../../http/route.ts';
import { zip } from '../../../schemas/fields.ts';
import { placeQuery, placeView } from '../../../schemas/referrals/places.ts';

/**
 * Route to look up a ZIP before anything else is asked of a consumer: its city, its states, and who helps the people of each.
 * Everybody gets the same, so caches may keep it. A request is checked again when it is sent.
 */
export function placeRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/places/:zip',
      summary: 'Get the city and the states of a ZIP, and who helps people there',
      params: z.strictObject({ zip }),
      query: placeQuery,
      responses: { 200: { description: 'The place, also if there is no such ZIP', schema: placeView } },
      handle: async ({ params, query }) => {
        const on = marketplaceDateAt(now());
        const [year = 0, month = 0] = on.split('-').map(Number);
        const planYear = Number(query.coverageYear ?? usualCoverageYear({ year, month }));
        const found = await resolvePlace(db, { zip: params.zip });
        const marketplaces = found ? await readMarketplaces(db, planYear) : [];
        const place = found?.place;
        const states = (found?.states ?? []).map((state) => {
          const { refusal, marketplace } = serviceOfState(marketplaces, { state, planYear, on });
          const own = marketplace && {
            name: marketplace.name,
            url: marketplace.url,
            phone: marketplace.phone,
          };
          return { state, refusal, marketplace: own };
        });
        return {
          status: 200,
          headers: { 'Cache-Control': 'public, max-age=300' },
          body: {
            zip: params.zip,
            coverageYear: planYear,
            // a ZIP that the table lacks has the place of its neighbor
            city: place?.zip === params.zip ? place.city : null,
            stateNeeded: found !== undefined && (place === undefined || states.length > 1),
            states,
          },
        };
      },
    }),
  ];
}
