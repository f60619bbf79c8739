import { type Selectable, sql } from 'kysely';
import type { AuditCounts, AuditSubject, FindingKind } from '../../domain/ops/audit.ts';
import type { Tx } from '../database/connection.ts';
import type { AuditRuns } from '../database/schema.ts';

/** A problem that the audit found, by the id of its subject. */
export interface Finding {
  kind: FindingKind;
  subjectKind: AuditSubject;
  subjectId: string;
}

/** A stored finding. */
export interface RecordedFinding<F extends Finding> {
  finding: F;
  isNew: boolean;
  /** Whether it was repaired by an earlier run and is seen now for the first time since. */
  hasRecurred: boolean;
  /** Whether to repair it: it is not repaired yet, and no recent repair of the same kind and subject had no effect. */
  needsRepair: boolean;
}

const findingKey = ({ kind, subjectId }: Pick<Finding, 'kind' | 'subjectId'>) => `${kind} ${subjectId}`;

/**
 * Records findings seen at an instant: as a new row, or as the last time that an open one was seen. A repeat for the same
 * instant changes nothing.
 * @param repairedAfter a finding that was repaired after this instant and has come back is not repaired again
 */
export async function recordFindings<F extends Finding>(
  tx: Tx,
  findings: readonly F[],
  { at, repairedAfter }: { at: Date; repairedAfter: (kind: FindingKind) => Date },
): Promise<RecordedFinding<F>[]> {
  if (findings.length === 0) return [];
  const history = await readFindingHistory(tx, findings);
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
    const { open, lastRepairedAt } = history.get(findingKey(finding)) ?? {};
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
  const history = new Map<string, FindingHistory>();
  for (const { resolvedAt, repairedAt, lastSeenAt, ...row } of rows) {
    const key = findingKey(row as Pick<Finding, 'kind' | 'subjectId'>);
    const before = history.get(key);
    history.set(key, {
      ...before,
      ...(resolvedAt ? {} : { open: { repairedAt, lastSeenAt } }),
      ...(repairedAt ? { lastRepairedAt: repairedAt } : {}),
    });
  }
  return history;
}

/** Marks open findings as repaired. */
export async function markRepaired(tx: Tx, findings: readonly Finding[], at: Date): Promise<void> {
  if (findings.length === 0) return;
  const kinds = findings.map(({ kind }) => kind);
  const ids = findings.map(({ subjectId }) => subjectId);
  await sql`
    update audit_findings as finding set repaired_at = ${at}
    from unnest(${kinds}::text[], ${ids}::text[]) as repaired (kind, subject_id)
    where finding.kind = repaired.kind and finding.subject_id = repaired.subject_id
      and resolved_at is null and repaired_at is null`.execute(tx);
}

/** Records the start of a run; a retry changes nothing. */
export async function beginAuditRun(tx: Tx, { runId, at }: { runId: string; at: Date }): Promise<void> {
  await tx
    .insertInto('auditRuns')
    .values({ id: runId, startedAt: at })
    .onConflict((row) => row.doNothing())
    .execute();
}

/** Kinds of findings that only a description of the workflow confirms. */
const describedKinds: readonly FindingKind[] = [
  'workflow-missing',
  'workflow-interrupted',
  'workflow-completed',
];

/**
 * Ends a run and resolves the open findings that it has not seen. If it has left workflows to the next run, findings
 * about these stay open.
 * @returns number of findings resolved; a repeat returns that of the first time
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
  let unseen = tx
    .updateTable('auditFindings')
    .set({ resolvedAt: at })
    .where('resolvedAt', 'is', null)
    .where('lastSeenAt', '<', startedAt);
  if (counts.leftOver > 0) unseen = unseen.where('kind', 'not in', describedKinds);
  const gone = await unseen.returning('id').execute();
  await tx
    .updateTable('auditRuns')
    .set({ ...counts, resolved: gone.length, endedAt: at })
    .where('id', '=', runId)
    .execute();
  return gone.length;
}

/** A run of the audit with its figures. */
export type AuditRun = Omit<Selectable<AuditRuns>, 'id'>;

/** Reads the latest run, the number of open findings, and the first `limit` of them, oldest first. */
export async function readAuditBoard(tx: Tx, limit: number) {
  const run = await tx
    .selectFrom('auditRuns')
    .select([
      'startedAt',
      'endedAt',
      'lookedAt',
      'lists',
      'describes',
      'leftOver',
      'found',
      'repaired',
      'resolved',
    ])
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
