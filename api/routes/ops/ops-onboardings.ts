import { z } from 'zod';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import { accountIdOf } from '../../../store/accounts/accounts.ts';
import { readOnboardingNotices, readOpsActions, readPlanYears } from '../../../store/agents/agent-history.ts';
import { readReadiness } from '../../../store/agents/readiness.ts';
import { readRestOf } from '../../../store/agents/rests.ts';
import { readSkips } from '../../../store/agents/skips.ts';
import { readEventsAfter } from '../../../store/events.ts';
import { readFactsOfMany } from '../../../store/onboarding/facts.ts';
import { countOnboardings, readOnboardingBoard } from '../../../store/ops/boards.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { pageSize, readPageCursor, toBoardPage, toPageCursor } from '../../http/requests/pagination.ts';
import { type Route, route } from '../../http/route.ts';
import { npn } from '../../schemas/fields.ts';
import {
  agentForOps as agentForOpsSchema,
  onboardingBoardQuery,
  onboardingBoard as onboardingBoardSchema,
  onboardingSummary,
} from '../../schemas/ops/ops.ts';
import { toAgentForOps, toOnboardingForOps } from './ops-view.ts';

/** Number of notices shown for an agent, who gets a few a year. */
const noticesShown = 100;

/** Routes of the onboarding board: the list, its counts and one agent. */
export function opsOnboardingRoutes({ db, now, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/onboardings',
      summary: 'List onboardings with stage and causes',
      query: onboardingBoardQuery,
      responses: { 200: { description: 'A page of the board', schema: onboardingBoardSchema } },
      handle: async ({ query }) => {
        const { stage, cause, planYear, stuck, olderThan, page } = query;
        const at = now();
        const rows = await readOnboardingBoard(db, {
          stage,
          cause,
          stuck: stuck === 'yes',
          planYear: planYear ? Number(planYear) : undefined,
          ...toBoardPage(olderThan, readPageCursor(page, 'onboarding'), at),
        });
        const shown = rows.slice(0, pageSize);
        const records = await readFactsOfMany(db, shown, policy);
        const last = rows.length > pageSize ? shown.at(-1)?.cursor : undefined;
        return {
          status: 200,
          body: {
            items: records.map((record) => toOnboardingForOps(record, at)),
            nextPage: last ? toPageCursor(last.since, last.id) : null,
          },
        };
      },
    }),
    route({
      key: 'GET /v1/ops/onboardings/summary',
      summary: 'Count onboardings by stage and by cause',
      responses: { 200: { description: 'Counts by plan year, stage and cause', schema: onboardingSummary } },
      handle: async () => {
        const { stages, causes } = await countOnboardings(db);
        return {
          status: 200 as const,
          body: { stages: stages.map(countView), causes: causes.map(countView) },
        };
      },
    }),
    route({
      key: 'GET /v1/ops/onboardings/:npn',
      summary: 'Get one agent: onboardings, events, notices and ops actions',
      params: z.strictObject({ npn }),
      responses: { 200: { description: 'The agent', schema: agentForOpsSchema } },
      problems: ['not-found'],
      handle: async ({ params }) => {
        const agent = normalizeNpn(params.npn) ?? fail('not-found');
        const keys = (await readPlanYears(db, agent)).map((planYear) => ({ npn: agent, planYear }));
        const records = await readFactsOfMany(db, keys, policy);
        const latest = records[0] ?? fail('not-found');
        // an agent has only a few plan years
        const onboardings = await Promise.all(
          records.map(async (record) => {
            const subject = { kind: 'onboarding', npn: agent, planYear: record.row.planYear } as const;
            return { record, events: await readEventsAfter(db, subject, 0) };
          }),
        );
        const actions = await readOpsActions(db, agent);
        const notices = await readOnboardingNotices(db, agent, noticesShown);
        const skips = await readSkips(db, agent);
        const rest = await readRestOf(db, agent);
        const at = now();
        const readiness = await readReadiness(db, { npn: agent, at });
        const accountId = await accountIdOf(db, agent);
        const onRecord = { latest, accountId, onboardings, actions, notices, skips, rest, readiness };
        return { status: 200, body: toAgentForOps(agent, onRecord, at) };
      },
    }),
  ];
}

function countView<Count extends { oldestSince: Date }>({ oldestSince, ...count }: Count) {
  return { ...count, oldestSince: oldestSince.toISOString() };
}
