import { Context } from '@temporalio/activity';
import {
  type AuditCounts,
  type AuditLimits,
  type AuditPart,
  addCounts,
  type FindingKind,
  noCounts,
} from '../../domain/ops/audit.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { endUnsentInvitations, lockInvitedOnboardings } from '../../store/onboarding/returned-mail.ts';
import { lapseDeliveries } from '../../store/ops/audit.ts';
import { beginAuditRun, endAuditRun, markRepaired, recordFindings } from '../../store/ops/audit-findings.ts';
import { enqueue, type OutboxMessage } from '../../store/outbox.ts';
import type { FindingWithRepair } from './audit-rows.ts';
import { checkNotices, checkOffers, checkOutbox } from './audit-rows.ts';
import { checkOnboardings, checkReferrals, type WorkflowStatusReader } from './audit-workflows.ts';

export interface AuditDeps {
  db: Database;
  workflowStatus: WorkflowStatusReader;
  audit: AuditLimits;
  log: { warn: (values: object, message: string) => void };
  /** How many rows are looked at in one go; each time is a heartbeat. */
  auditPageSize?: number;
}

interface Progress {
  after?: string;
  counts: AuditCounts;
}

const checks = {
  onboardings: checkOnboardings,
  referrals: checkReferrals,
  offers: checkOffers,
  notices: checkNotices,
  outbox: checkOutbox,
} as const satisfies Record<AuditPart, unknown>;

export type AuditActivities = ReturnType<typeof createAuditActivities>;

/**
 * The deeds of the audit, which holds Postgres against Temporal. `at` is the run's one instant: whatever is looked
 * at is judged by it, however long the run takes.
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
     * Looks at one part page by page. Findings and their repairs are one transaction a page, then comes a heartbeat:
     * whoever takes over goes on after the last page, and a page that is looked at twice repairs nothing twice.
     */
    async auditPart({ part, at }: { part: AuditPart; at: string }): Promise<AuditCounts> {
      const { info, cancellationSignal, heartbeat } = Context.current();
      const look = { db, workflowStatus, limits, at: new Date(at), limit };
      let { counts, after }: Progress = info.heartbeatDetails ?? { counts: noCounts };
      for (;;) {
        cancellationSignal.throwIfAborted();
        const page = await checks[part]({ ...look, after });
        const repaired = await write(page.found, look.at);
        const { lookedAt, lists, describes, found } = page;
        counts = addCounts(counts, { lookedAt, lists, describes, found: found.length, repaired });
        after = page.after ?? after;
        heartbeat({ counts, after } satisfies { counts: AuditCounts; after: string | undefined });
        if (page.isLast) return counts;
      }
    },

    /** What was not seen any more is resolved. */
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

  /** A story that was started again and ended again is left alone for a while; all else is repaired each time. */
  function repairedAfter(kind: FindingKind, at: Date): Date {
    const isRestart = kind === 'story-broken-off' || kind === 'story-over';
    return isRestart ? new Date(at.getTime() - limits.restartCooldownMs) : at;
  }

  /** Keeps what was found and repairs what is to be repaired. Ops hear of the rest, once. */
  async function write(found: readonly FindingWithRepair[], at: Date): Promise<number> {
    if (found.length === 0) return 0;
    const { seen, repaired } = await db.transaction().execute(async (tx) => {
      const all = await recordFindings(tx, found, { at, repairedAfter: (kind) => repairedAfter(kind, at) });
      const wrong = all
        .filter(({ finding, needsRepair }) => needsRepair && finding.repair)
        .map(({ finding }) => finding);
      await repairAll(tx, wrong, at);
      await markRepaired(tx, wrong, at);
      return { seen: all, repaired: new Set(wrong) };
    });
    for (const { finding, isNew, hasRecurred } of seen) {
      const { kind, subjectKind, subjectId } = finding;
      if (hasRecurred) log.warn({ kind, subjectKind, subjectId }, 'The audit repaired this in vain.');
      else if (isNew && !repaired.has(finding))
        log.warn({ kind, subjectKind, subjectId }, 'The audit found something that it does not repair.');
    }
    return repaired.size;
  }
}

async function repairAll(tx: Tx, wrong: readonly FindingWithRepair[], at: Date): Promise<void> {
  const deeds: OutboxMessage[] = [];
  const lapsed: string[] = [];
  for (const { repair, subjectId } of wrong) {
    if (repair === 'lapse') lapsed.push(subjectId);
    else if (repair) deeds.push(repair);
  }
  await enqueue(tx, ...deeds);
  await lockInvitedOnboardings(tx, lapsed);
  await lapseDeliveries(tx, lapsed, at);
  await endUnsentInvitations(tx, { deliveryIds: lapsed, at });
}
