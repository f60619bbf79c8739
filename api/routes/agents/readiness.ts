import type { Readiness } from '../../../domain/agents/readiness.ts';
import { readReadiness } from '../../../store/agents/readiness.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { type ReadinessView, readiness } from '../../schemas/agents/readiness.ts';

/** Route of the check before a shift. */
export function readinessRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/readiness',
      summary: 'Check whether offers will reach the agent: each channel, and the hours',
      responses: { 200: { description: 'The check, as the facts are now', schema: readiness } },
      handle: async ({ caller: { npn } }) => ({
        status: 200,
        body: readinessView((await readReadiness(db, { npn, at: now() })) ?? fail('not-found')),
      }),
    }),
  ];
}

/** Converts a check to JSON. */
export function readinessView({ channels, ...checked }: Readiness): ReadinessView {
  return {
    ...checked,
    channels: channels.map(({ lately: { arrivedAt, failures, failedAt }, ...channel }) => ({
      ...channel,
      lately: {
        arrivedAt: arrivedAt?.toISOString() ?? null,
        failures,
        failedAt: failedAt?.toISOString() ?? null,
      },
    })),
  };
}
