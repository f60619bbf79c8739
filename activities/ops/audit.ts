import { Context } from '@temporalio/activity';
import {
  type AuditCounts,
  type AuditLimits,
  type AuditPart,
  addCounts,
  type FindingKind,
  maxDescribesOfPart,
  noCounts,
} from '../../domain/ops/audit.ts';
import type { Database } from '../../store/database/connection.ts';
import { beginAuditRun, endAuditRun, recordFindings } from '../../store/ops/audit-findings.ts';
import { readAuditPosition, saveAuditPosition } from '../../store/ops/audit-positions.ts';
import { type FindingWithRepair, repairFindings } from '../../store/ops/audit-repairs.ts';
import { checkActivities, checkTasks } from './audit-failures.ts';
import { checkNotices, checkOffers, checkOutbox } from './audit-rows.ts';
import { checkOnboardings, checkReferrals, type WorkflowStatusReader } from './audit-workflows.ts';

export interface AuditDeps {
  db: Database;
  workflowStatus: WorkflowStatusReader;
  audit: AuditLimits;
  log: { warn: (values: object, message: string) => void };
  /** Rows checked per page; each page is a heartbeat. */
  auditPageSize?: number;
}

interface Progress {
  after?: string | undefined;
  describedTo?: string | undefined;
  counts: AuditCounts;
}

const checks = {
  onboardings: checkOnboardings,
  referrals: checkReferrals,
  offers: checkOffers,
  notices: checkNotices,
  outbox: checkOutbox,
  activities: checkActivities,
  tasks: checkTasks,
} as const satisfies Record<AuditPart, unknown>;

export type AuditActivities = ReturnType<typeof createAuditActivities>;

/**
 * Creates the activities of the audit, which compares Postgres with Temporal. `at` is the one instant of a run: all
 * rows are judged by it, however long the run takes.
 */
export function createAuditActivities({
  db,
  workflowStatus,
  audit: limits,
  log,
  auditPageSize: limit = 500,
}: AuditDeps) {
  return {
    beginAudit: ({ runId, at }: { runId: string; at: string }): Promise<void> =>
      beginAuditRun(db, { runId, at: new Date(at) }),

    /**
     * Checks one part, page by page. Each page saves its findings and repairs in one transaction, followed by a
     * heartbeat: a worker that takes over continues after the last page, and a page that is checked twice is not
     * repaired twice. A part that may not ask Temporal for more workflows leaves its place for the next run.
     */
    async auditPart({ part, at }: { part: AuditPart; at: string }): Promise<AuditCounts> {
      const { info, cancellationSignal, heartbeat } = Context.current();
      const context = { db, workflowStatus, limits, at: new Date(at), limit };
      const describedBefore = await readAuditPosition(db, part);
      let { counts, after, describedTo }: Progress = info.heartbeatDetails ?? { counts: noCounts };
      for (;;) {
        cancellationSignal.throwIfAborted();
        const describes = { left: maxDescribesOfPart - counts.describes, after: describedBefore };
        const page = await checks[part]({ ...context, after, describes });
        const repaired = await recordAndRepair(page.found, context.at);
        counts = addCounts(counts, { ...page, found: page.found.length, repaired });
        after = page.after ?? after;
        describedTo = page.describedTo ?? describedTo;
        heartbeat({ counts, after, describedTo } satisfies Progress);
        if (page.isLast) break;
      }
      const isExhausted = counts.describes === maxDescribesOfPart;
      const position = isExhausted ? describedTo : undefined;
      if (position !== describedBefore) await saveAuditPosition(db, part, position);
      return counts;
    },

    /** Ends a run and resolves findings that it did not see again. */
    async endAudit({
      runId,
      at,
      counts,
    }: {
      runId: string;
      at: string;
      counts: AuditCounts;
    }): Promise<AuditCounts & { resolved: number }> {
      const run = { runId, startedAt: new Date(at), at: new Date(), counts };
      const resolved = await db.transaction().execute((tx) => endAuditRun(tx, run));
      return { ...counts, resolved };
    },
  };

  /**
   * The cutoff of repairs: a finding that was repaired after it is not repaired again. So a restarted workflow is left
   * alone for a while, and all else is repaired each time.
   */
  function repairedAfter(kind: FindingKind, at: Date): Date {
    const isRestart = kind === 'workflow-interrupted' || kind === 'workflow-completed';
    return isRestart ? new Date(at.getTime() - limits.restartCooldownMs) : at;
  }

  /** Saves findings and repairs those that have a repair. The others are logged once. @returns the number of repairs */
  async function recordAndRepair(found: readonly FindingWithRepair[], at: Date): Promise<number> {
    if (found.length === 0) return 0;
    const { seen, repaired } = await db.transaction().execute(async (tx) => {
      const all = await recordFindings(tx, found, { at, repairedAfter: (kind) => repairedAfter(kind, at) });
      const wrong = all
        .filter(({ finding, needsRepair }) => needsRepair && finding.repair)
        .map(({ finding }) => finding);
      await repairFindings(tx, wrong, at);
      return { seen: all, repaired: new Set(wrong) };
    });
    for (const { finding, isNew, hasRecurred } of seen) {
      const { kind, subjectKind, subjectId } = finding;
      if (hasRecurred) log.warn({ kind, subjectKind, subjectId }, 'Audit repair had no effect');
      else if (isNew && !repaired.has(finding))
        log.warn({ kind, subjectKind, subjectId }, 'Audit finding needs ops');
    }
    return repaired.size;
  }
}
