import { type Selectable, sql } from 'kysely';
import type { AuditCounts, AuditSubject, FindingKind } from '../../domain/ops/audit.ts';
import type { Tx } from '../database/connection.ts';
import type { AuditRuns } from '../database/schema.ts';

/** Something that is wrong, by the ids of what it is about. */
export interface Finding {
  kind: FindingKind;
  subjectKind: AuditSubject;
  subjectId: string;
}

/** A finding that was written down. */
export interface RecordedFinding<F extends Finding> {
  finding: F;
  isNew: boolean;
  /** Repaired by an earlier run, and seen now for the first time since. */
  hasRecurred: boolean;
  /** Nobody has repaired it yet, nor the same subject's last one of this kind so lately that it would be in vain. */
  needsRepair: boolean;
}

const findingKey = ({ kind, subjectId }: Pick<Finding, 'kind' | 'subjectId'>) => `${kind} ${subjectId}`;

/**
 * Writes down what was seen at an instant: a new row, or that an open one is seen still. Written again for the same
 * instant it changes nothing.
 * @param repairedAfter what was repaired since this instant and came back is not repaired again
 */
export async function recordFindings<F extends Finding>(
  tx: Tx,
  findings: readonly F[],
  { at, repairedAfter }: { at: Date; repairedAfter: (kind: FindingKind) => Date },
): Promise<RecordedFinding<F>[]> {
  if (findings.length === 0) return [];
  const known = await readFindingHistory(tx, findings);
  await tx
    .insertInto('auditFindings')
    .values(
      findings.map(({ kind, subjectKind, subjectId }) => ({
        kind,
        subjectKind,
        subjectId,
        firstSeenAt: at,
        lastSeenAt: at,
      })),
    )
    .onConflict((row) =>
      row
        .columns(['kind', 'subjectId'])
        .where('resolvedAt', 'is', null)
        .doUpdateSet({ lastSeenAt: sql<Date>`greatest(audit_findings.last_seen_at, excluded.last_seen_at)` }),
    )
    .execute();
  return findings.map((finding) => {
    const { open, lastRepairedAt } = known.get(findingKey(finding)) ?? {};
    const repairedAt = open?.repairedAt;
    return {
      finding,
      isNew: open === undefined,
      hasRecurred: Boolean(repairedAt && repairedAt < at && open && open.lastSeenAt <= repairedAt),
      needsRepair: !repairedAt && !(lastRepairedAt && lastRepairedAt > repairedAfter(finding.kind)),
    };
  });
}

interface FindingHistory {
  open?: { repairedAt: Date | null; lastSeenAt: Date };
  lastRepairedAt?: Date;
}

async function readFindingHistory(
  tx: Tx,
  findings: readonly Finding[],
): Promise<Map<string, FindingHistory>> {
  const rows = await tx
    .selectFrom('auditFindings')
    .select(['kind', 'subjectId', 'repairedAt', 'lastSeenAt', 'resolvedAt'])
    .where('kind', 'in', [...new Set(findings.map(({ kind }) => kind))])
    .where('subjectId', 'in', [...new Set(findings.map(({ subjectId }) => subjectId))])
    .where((row) => row.or([row('resolvedAt', 'is', null), row('repairedAt', 'is not', null)]))
    .orderBy('id')
    .execute();
  const known = new Map<string, FindingHistory>();
  for (const { resolvedAt, repairedAt, lastSeenAt, ...row } of rows) {
    const key = findingKey(row as Pick<Finding, 'kind' | 'subjectId'>);
    const before = known.get(key);
    known.set(key, {
      ...before,
      ...(resolvedAt ? {} : { open: { repairedAt, lastSeenAt } }),
      ...(repairedAt ? { lastRepairedAt: repairedAt } : {}),
    });
  }
  return known;
}

/** Writes down that open findings are repaired. */
export async function markRepaired(tx: Tx, findings: readonly Finding[], at: Date): Promise<void> {
  if (findings.length === 0) return;
  const kinds = findings.map(({ kind }) => kind);
  const ids = findings.map(({ subjectId }) => subjectId);
  await sql`
    update audit_findings as finding set repaired_at = ${at}
    from unnest(${kinds}::text[], ${ids}::text[]) as mended (kind, subject_id)
    where finding.kind = mended.kind and finding.subject_id = mended.subject_id
      and resolved_at is null and repaired_at is null`.execute(tx);
}

/** Writes down that a run has begun; one that is tried again has begun already. */
export async function beginAuditRun(tx: Tx, { runId, at }: { runId: string; at: Date }): Promise<void> {
  await tx
    .insertInto('auditRuns')
    .values({ id: runId, startedAt: at })
    .onConflict((row) => row.doNothing())
    .execute();
}

/**
 * Ends a run: what it has not seen, although it looked at everything, is resolved.
 * @returns how many findings that were, this time or the first
 */
export async function endAuditRun(
  tx: Tx,
  { runId, startedAt, at, counts }: { runId: string; startedAt: Date; at: Date; counts: AuditCounts },
): Promise<number> {
  const run = await tx
    .selectFrom('auditRuns')
    .select(['endedAt', 'resolved'])
    .where('id', '=', runId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (run.endedAt) return run.resolved;
  const gone = await tx
    .updateTable('auditFindings')
    .set({ resolvedAt: at })
    .where('resolvedAt', 'is', null)
    .where('lastSeenAt', '<', startedAt)
    .returning('id')
    .execute();
  await tx
    .updateTable('auditRuns')
    .set({ ...counts, resolved: gone.length, endedAt: at })
    .where('id', '=', runId)
    .execute();
  return gone.length;
}

/** One run of the audit, and what it came to. */
export type AuditRun = Omit<Selectable<AuditRuns>, 'id'>;

/** The latest run, and what is wrong now: the first `limit`, oldest first, and how many there are in all. */
export async function readAuditBoard(tx: Tx, limit: number) {
  const run = await tx
    .selectFrom('auditRuns')
    .select(['startedAt', 'endedAt', 'lookedAt', 'lists', 'describes', 'found', 'repaired', 'resolved'])
    .orderBy('startedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  const open = await tx
    .selectFrom('auditFindings')
    .select(['kind', 'subjectKind', 'subjectId', 'firstSeenAt', 'lastSeenAt', 'repairedAt'])
    .select((row) => row.fn.countAll<number>().over().as('all'))
    .where('resolvedAt', 'is', null)
    .orderBy('firstSeenAt')
    .orderBy('id')
    .limit(limit)
    .execute();
  const findings = open.map(({ kind, subjectKind, subjectId, firstSeenAt, lastSeenAt, repairedAt }) => ({
    kind: kind as FindingKind,
    subjectKind: subjectKind as AuditSubject,
    subjectId,
    firstSeenAt,
    lastSeenAt,
    repairedAt,
  }));
  return { run, openFindings: open[0]?.all ?? 0, findings };
}
