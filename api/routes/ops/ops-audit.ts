import { type AuditRun, readAuditBoard } from '../../../store/ops/audit-findings.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { auditForOps } from '../../schemas/ops/audit.ts';

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
