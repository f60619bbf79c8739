import ms from 'ms';
import { z } from 'zod';
import { dateAt } from '../../domain/calendar.ts';
import { conditionsOn } from '../../domain/conditions.ts';
import { normalizeNpn } from '../../domain/npn.ts';
import { type OnboardingOnBoard, onboardingBoard, referralBoard } from '../../store/boards.ts';
import { readEvidence, readMarketplaces } from '../../store/evidence.ts';
import { requestInvitation, type WishFound } from '../../store/invitation-requests.ts';
import { currentPlanYear } from '../../store/onboardings.ts';
import type { Deps } from '../deps.ts';
import { conditionView } from '../onboarding-view.ts';
import { pageAfter, pageSize, readPage } from '../pages.ts';
import { fail } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { npn } from '../schemas/fields.ts';
import {
  onboardingBoardQuery,
  onboardingBoard as onboardingBoardSchema,
  opsInvitation,
  opsInvitationReceived,
  referralBoardQuery,
  referralBoard as referralBoardSchema,
} from '../schemas/ops.ts';

export function opsRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/onboardings',
      summary: 'Where agents stand, and why',
      query: onboardingBoardQuery,
      responses: { 200: { description: 'A page of the board', schema: onboardingBoardSchema } },
      handle: async ({ query }) => {
        const { stage, cause, olderThan, page } = query;
        const at = now();
        const rows = await onboardingBoard(db, {
          stage,
          cause,
          ...frame(olderThan, readPage(page, 'onboarding'), at),
        });
        const shown = rows.slice(0, pageSize);
        const conditions = await conditionsOf(shown, at);
        const last = rows.length > pageSize ? shown.at(-1) : undefined;
        const items = shown.map(({ npn: agent, planYear, stage: its, causes, since }, index) => ({
          npn: agent,
          planYear,
          stage: its,
          causes,
          since: since.toISOString(),
          conditions: conditions[index] ?? [],
        }));
        return {
          status: 200,
          body: { items, nextPage: last ? pageAfter(last.since, last.cursor.id) : null },
        };
      },
    }),
    route({
      key: 'POST /v1/ops/onboardings/:npn/invitation',
      summary: 'Have an agent invited again; a link that still works is replaced',
      params: z.strictObject({ npn }),
      body: opsInvitation,
      responses: { 202: { description: 'Noted; the invitation follows', schema: opsInvitationReceived } },
      problems: ['not-found', 'not-allowed-now', 'not-eligible', 'already-registered'],
      handle: async ({ params, body }) => {
        const agent = normalizeNpn(params.npn) ?? fail('not-found');
        const planYear = body.planYear ?? (await currentPlanYear(db, agent)) ?? fail('not-found');
        const wish = {
          npn: agent,
          planYear,
          at: now(),
          by: 'ops',
          reason: body.reason,
          evenIfLive: true,
        } as const;
        const found = await db.transaction().execute((tx) => requestInvitation(tx, wish));
        const { row, requestedAt } = checkNoted(found ?? fail('not-found'));
        const answer = { npn: agent, planYear, stage: row.stage, requestedAt: requestedAt.toISOString() };
        return { status: 202, body: answer };
      },
    }),
    route({
      key: 'GET /v1/ops/referrals',
      summary: 'Where referrals stand, and why',
      query: referralBoardQuery,
      responses: { 200: { description: 'A page of the board', schema: referralBoardSchema } },
      handle: async ({ query }) => {
        const { olderThan, page, ...filter } = query;
        const rows = await referralBoard(db, {
          ...filter,
          ...frame(olderThan, readPage(page, 'uuid'), now()),
        });
        const shown = rows.slice(0, pageSize);
        const last = rows.length > pageSize ? shown.at(-1) : undefined;
        const items = shown.map(({ since, waitingUntil, createdAt, ...row }) => ({
          ...row,
          since: since.toISOString(),
          waitingUntil: waitingUntil?.toISOString() ?? null,
          createdAt: createdAt.toISOString(),
        }));
        return { status: 200, body: { items, nextPage: last ? pageAfter(last.since, last.id) : null } };
      },
    }),
  ];

  /** The conditions of each onboarding as they are today, with what the feeds say. */
  async function conditionsOf(rows: readonly OnboardingOnBoard[], at: Date) {
    const planYears = [...new Set(rows.map((row) => row.planYear))];
    const marketplaces = new Map(
      await Promise.all(planYears.map(async (year) => [year, await readMarketplaces(db, year)] as const)),
    );
    return Promise.all(
      rows.map(async ({ npn: agent, planYear }) => {
        const evidence = await readEvidence(db, { npn: agent, planYear });
        const facts = { planYear, evidence, marketplaces: marketplaces.get(planYear) ?? [] };
        return conditionsOn(dateAt(at), facts).map(conditionView);
      }),
    );
  }
}

/** Which part of a board is asked for; one row more than shown tells whether there is a next page. */
function frame(olderThan: string | undefined, after: { at: Date; id: string } | undefined, at: Date) {
  return {
    ...(olderThan ? { sinceAtMost: new Date(at.getTime() - ms(olderThan as ms.StringValue)) } : {}),
    ...(after ? { after: { since: after.at, id: after.id } } : {}),
    limit: pageSize + 1,
  };
}

function checkNoted({ row, found, requestedAt }: WishFound): { row: WishFound['row']; requestedAt: Date } {
  if (found === 'registered') fail('already-registered');
  if (found === 'none-yet') fail('not-eligible', { members: { causes: row.causes } });
  if (!requestedAt || found === 'closed')
    fail('not-allowed-now', { members: { stage: row.stage, at: row.since.toISOString() } });
  return { row, requestedAt };
}
