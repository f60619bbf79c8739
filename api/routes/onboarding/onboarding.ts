import { z } from 'zod';
import { recordDeparture } from '../../../store/agents/departures.ts';
import { currentPlanYear } from '../../../store/onboarding/onboardings.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { departure, onboardingResponse } from '../../schemas/onboarding/onboarding.ts';
import { readOnboardingView } from './onboarding-view.ts';

const query = z.strictObject({
  planYear: z
    .string()
    .regex(/^20\d\d$/, 'A year')
    .optional()
    .meta({ description: 'Default: the current plan year' }),
});

/** Route to read the onboarding of the agent. */
export function onboardingRoutes({ db, now, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/onboarding',
      summary: 'Get the agent’s onboarding and what is missing',
      query,
      responses: { 200: { description: 'The onboarding', schema: onboardingResponse } },
      problems: ['not-found'],
      handle: async ({ query: filter, caller: { npn } }) => {
        const planYear = filter.planYear ? Number(filter.planYear) : await currentPlanYear(db, npn);
        if (planYear === undefined) fail('not-found');
        return {
          status: 200,
          body: (await readOnboardingView(db, { npn, planYear, at: now(), policy })) ?? fail('not-found'),
        };
      },
    }),
  ];
}

/** Route to leave Help On Demand. */
export function departureRoutes({ db, now, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'POST /v1/me/departure',
      summary: 'Leave Help On Demand; training for a later plan year is needed to return',
      description:
        'Open offers end. The account can still log in and read. A repeat returns the same result.',
      body: departure,
      responses: { 200: { description: 'The onboarding after leaving', schema: onboardingResponse } },
      problems: ['not-found'],
      handle: async ({ body: { reason }, caller: { npn } }) => {
        const at = now();
        await db
          .transaction()
          .execute((tx) => recordDeparture(tx, { npn, because: 'agent', by: 'agent', at, reason }));
        const planYear = (await currentPlanYear(db, npn)) ?? fail('not-found');
        return {
          status: 200,
          body: (await readOnboardingView(db, { npn, planYear, at, policy })) ?? fail('not-found'),
        };
      },
    }),
  ];
}
