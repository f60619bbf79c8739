import { readUnmappedLinesOfAuthority } from '../../../store/feeds/lines-of-authority.ts';
import { type AuditRun, readAuditBoard } from '../../../store/ops/audit-findings.ts';
import { readReferralBoard } from '../../../store/ops/boards.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { pageSize, readPageCursor, toBoardPage, toPageCursor } from '../../http/requests/pagination.ts';
import { type Route, route } from '../../http/route.ts';
import { auditForOps } from '../../schemas/ops/audit.ts';
import { linesOfAuthority } from '../../schemas/ops/lines-of-authority.ts';
import { referralBoardQuery, referralBoard as referralBoardSchema } from '../../schemas/ops/ops.ts';
import { opsActionRoutes } from './ops-actions.ts';
import { metricsRoute } from './ops-metrics.ts';
import { opsOnboardingRoutes } from './ops-onboardings.ts';
import { opsReferralActionRoutes } from './ops-referral-actions.ts';
import { decisionsRoute, offersOnRecordRoute } from './ops-referrals.ts';

/** Routes for ops only. */
export function opsRoutes(deps: Deps, recordSecurity: SecurityLog): Route[] {
  return [
    ...opsOnboardingRoutes(deps),
    ...opsActionRoutes(deps),
    ...opsReferralActionRoutes(deps, recordSecurity),
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
    summary: 'List referrals with stage and causes',
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
        npn: row.npns[0] ?? null,
        since: since.toISOString(),
        waitingUntil: waitingUntil?.toISOString() ?? null,
        createdAt: createdAt.toISOString(),
      }));
      return { status: 200, body: { items, nextPage: last ? toPageCursor(last.since, last.id) : null } };
    },
  });
}

/** Route of the lines of authority that are not classified yet (`npm run lines` classifies them). */
export function linesOfAuthorityRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/lines-of-authority',
    summary: 'List lines of authority that are not classified yet',
    responses: { 200: { description: 'The names in use', schema: linesOfAuthority } },
    handle: async () => ({ status: 200 as const, body: { unknown: await readUnmappedLinesOfAuthority(db) } }),
  });
}

/** Maximum number of findings on a page; the others follow once these are resolved. */
const maxFindings = 200;

/** Route of the audit's results. */
export function auditRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/audit',
    summary: 'Get the last audit run and the open findings',
    responses: { 200: { description: 'The audit', schema: auditForOps } },
    handle: async () => {
      const { run, openFindings, findings } = await readAuditBoard(db, maxFindings);
      return {
        status: 200 as const,
        body: {
          lastRun: run ? toLastRun(run) : null,
          openFindings,
          findings: findings.map(({ kind, subjectKind, subjectId, ...times }) => ({
            kind,
            subject: { kind: subjectKind, id: subjectId },
            firstSeenAt: times.firstSeenAt.toISOString(),
            lastSeenAt: times.lastSeenAt.toISOString(),
            repairedAt: times.repairedAt?.toISOString() ?? null,
          })),
        },
      };
    },
  });
}

function toLastRun({ startedAt, endedAt, ...counts }: AuditRun) {
  return { ...counts, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}
