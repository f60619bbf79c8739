import type { AuditPart } from '../../domain/ops/audit.ts';
import type { Tx } from '../database/connection.ts';

/**
 * Reads where a part of the audit goes on asking Temporal for single workflows.
 * @returns the id of the last one that was asked for; undefined: it begins with the first
 */
export async function readAuditPosition(tx: Tx, part: AuditPart): Promise<string | undefined> {
  const row = await tx
    .selectFrom('auditPositions')
    .select('describedTo')
    .where('part', '=', part)
    .executeTakeFirst();
  return row?.describedTo;
}

/** Saves where the next run goes on asking; undefined: with the first. */
export async function saveAuditPosition(
  tx: Tx,
  part: AuditPart,
  describedTo: string | undefined,
): Promise<void> {
  if (describedTo === undefined) {
    await tx.deleteFrom('auditPositions').where('part', '=', part).execute();
    return;
  }
  await tx
    .insertInto('auditPositions')
    .values({ part, describedTo })
    .onConflict((row) => row.column('part').doUpdateSet({ describedTo }))
    .execute();
}
