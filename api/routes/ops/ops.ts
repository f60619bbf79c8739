import { readReferralBoard } from '../../../store/ops/boards.ts';
import type { Deps } from '../../deps.ts';
import { pageSize, readPageCursor, toPageCursor } from '../../http/pagination.ts';
import { type Route, route } from '../../http/route.ts';
import { referralBoardQuery, referralBoard as referralBoardSchema } from '../../schemas/ops/ops.ts';
import { opsActionRoutes } from './ops-acts.ts';
import { auditRoute } from './ops-audit.ts';
import { decisionsRoute } from './ops-decisions.ts';
import { toBoardPage } from './ops-frame.ts';
import { linesOfAuthorityRoute } from './ops-lines.ts';
import { metricsRoute } from './ops-metrics.ts';
import { offersOnRecordRoute } from './ops-offers.ts';
import { opsOnboardingRoutes } from './ops-onboardings.ts';
import { opsReferralActionRoutes } from './ops-referral-acts.ts';

/** What only ops see and do. */
export function opsRoutes(deps: Deps): Route[] {
  return [
    ...opsOnboardingRoutes(deps),
    ...opsActionRoutes(deps),
    ...opsReferralActionRoutes(deps),
    referralBoardRoute(deps),
    decisionsRoute(deps),
    offersOnRecordRoute(deps),
    linesOfAuthorityRoute(deps),
    metricsRoute(deps),
    auditRoute(deps),
  ];
}

function referralBoardRoute({ db, now }: Deps): Route {
  return route({
    key: 'GET /v1/ops/referrals',
    summary: 'Where referrals stand, and why',
    query: referralBoardQuery,
    responses: { 200: { description: 'A page of the board', schema: referralBoardSchema } },
    handle: async ({ query }) => {
      const { olderThan, page, ...filter } = query;
      const rows = await readReferralBoard(db, {
        ...filter,
        ...toBoardPage(olderThan, readPageCursor(page, 'uuid'), now()),
      });
      const shown = rows.slice(0, pageSize);
      const last = rows.length > pageSize ? shown.at(-1) : undefined;
      const items = shown.map(({ since, waitingUntil, createdAt, ...row }) => ({
        ...row,
        since: since.toISOString(),
        waitingUntil: waitingUntil?.toISOString() ?? null,
        createdAt: createdAt.toISOString(),
      }));
      return { status: 200, body: { items, nextPage: last ? toPageCursor(last.since, last.id) : null } };
    },
  });
}
