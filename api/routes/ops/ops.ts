import { readUnmappedLinesOfAuthority } from '../../../store/feeds/lines-of-authority.ts';
import { type AuditRun, readAuditBoard } from '../../../store/ops/audit-findings.ts';
import { readReferralBoard } from '../../../store/ops/boards.ts';
import type { Deps } from '../../deps.ts';
import { pageSize, readPageCursor, toBoardPage, toPageCursor } from '../../http/pagination.ts';
import { type Route, route } from '../../http/route.ts';
import { auditForOps } from '../../schemas/ops/audit.ts';
import { linesOfAuthority } from '../../schemas/ops/lines-of-authority.ts';
import { referralBoardQuery, referralBoard as referralBoardSchema } from '../../schemas/ops/ops.ts';
import { opsActionRoutes } from './ops-actions.ts';
import { metricsRoute } from './ops-metrics.ts';
import { opsOnboardingRoutes } from './ops-onboardings.ts';
import { opsReferralActionRoutes } from './ops-referral-actions.ts';
import { decisionsRoute, offersOnRecordRoute } from './ops-referrals.ts';

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

/** The names of lines of authority that wait for `npm run lines`. */
export function linesOfAuthorityRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/lines-of-authority',
    summary: 'Lines of authority whose names are not known yet',
    responses: { 200: { description: 'The names in use', schema: linesOfAuthority } },
    handle: async () => ({ status: 200 as const, body: { unknown: await readUnmappedLinesOfAuthority(db) } }),
  });
}

/** As many as ops can look at on one page; the rest follow once these are resolved. */
const maxFindings = 200;

/** What the audit found. */
export function auditRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/audit',
    summary: 'The last audit, and what is wrong now',
    responses: { 200: { description: 'The audit', schema: auditForOps } },
    handle: async () => {
      const { run, openFindings, findings } = await readAuditBoard(db, maxFindings);
      return {
        status: 200 as const,
        body: {
          lastRun: run ? toLastRun(run) : null,
          openFindings,
          findings: findings.map(({ kind, subjectKind, subjectId, ...seen }) => ({
            kind,
            subject: { kind: subjectKind, id: subjectId },
            firstSeenAt: seen.firstSeenAt.toISOString(),
            lastSeenAt: seen.lastSeenAt.toISOString(),
            repairedAt: seen.repairedAt?.toISOString() ?? null,
          })),
        },
      };
    },
  });
}

function toLastRun({ startedAt, endedAt, ...counts }: AuditRun) {
  return { ...counts, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}
