import { normalizeNpn } from '../../../domain/values/npn.ts';
import {
  demand,
  type Fairness,
  fairnessOfAgents,
  fairnessOfStates,
} from '../../../store/ops/service-figures.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { metrics, metricsQuery } from '../../schemas/ops/metrics.ts';

const weekMs = 7 * 24 * 60 * 60_000;
const maxAgents = 200;
const maxDemandRows = 500;

/** Metrics on the distribution of offers, their answers and unmatched requests. */
export function metricsRoute({ db, now }: Deps): Route {
  return route({
    key: 'GET /v1/ops/metrics',
    summary: 'Get metrics on offers, answers and unmatched requests',
    query: metricsQuery,
    responses: { 200: { description: 'The metrics of a period', schema: metrics } },
    handle: async ({ query }) => {
      const until = query.until === undefined ? now() : new Date(query.until);
      const from = query.from === undefined ? new Date(until.getTime() - weekMs) : new Date(query.from);
      if (from >= until) failPeriod();
      const { state } = query;
      const npn = query.npn === undefined ? undefined : (normalizeNpn(query.npn) ?? fail('not-found'));
      const filter = { from, until, state, npn, now: now() };
      const states = await fairnessOfStates(db, filter);
      const agents =
        state === undefined && npn === undefined
          ? []
          : await fairnessOfAgents(db, { ...filter, limit: maxAgents });
      return {
        status: 200,
        body: {
          from: from.toISOString(),
          until: until.toISOString(),
          states: states.map(rates),
          agents: agents.map((row) => ({ npn: row.npn ?? '', ...rates(row) })),
          demand: await demand(db, { from, until, state, limit: maxDemandRows }),
        },
      };
    },
  });
}

function rates({ state, availableHours, offers, medianAnswerSeconds, ...row }: Fairness) {
  const share = (count: number) => (offers === 0 ? null : count / offers);
  return {
    state,
    availableHours,
    offers,
    offersPerAvailableHour: availableHours === 0 ? null : offers / availableHours,
    acceptRate: share(row.accepted),
    declineRate: share(row.declined),
    expireRate: share(row.expired),
    unreachableRate: share(row.unreachable),
    medianAnswerSeconds,
  };
}

function failPeriod(): never {
  const errors = [{ pointer: '?from', code: 'not-before', detail: '`from` must be before `until`.' }];
  return fail('invalid-fields', { errors });
}
