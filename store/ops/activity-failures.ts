import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** One activity of one workflow, by its id in the workflow's history. */
export interface ActivityKey {
  workflowId: string;
  activityId: string;
}

/** A failed attempt. `error` is a name or a code, never a message, which could quote personal data. */
export interface FailedAttempt extends ActivityKey {
  /** The name of the activity. */
  activity: string;
  attempt: number;
  error: string;
}

/** Records that an activity has failed again. */
export async function saveActivityFailure(tx: Tx, failed: FailedAttempt): Promise<void> {
  const { workflowId, activityId, activity, attempt: attempts, error } = failed;
  const failedAt = sql<Date>`now()`;
  await tx
    .insertInto('activityFailures')
    .values({ workflowId, activityId, activity, attempts, error, since: failedAt, failedAt })
    .onConflict((row) =>
      row.columns(['workflowId', 'activityId']).doUpdateSet({ activity, attempts, error, failedAt }),
    )
    .execute();
}

/** Deletes the record of an activity that has succeeded or was refused. */
export async function deleteActivityFailure(tx: Tx, { workflowId, activityId }: ActivityKey): Promise<void> {
  await tx
    .deleteFrom('activityFailures')
    .where('workflowId', '=', workflowId)
    .where('activityId', '=', activityId)
    .execute();
}

/** Deletes the records of activities that have not failed since an instant: nobody tries them any more. */
export async function deleteOldActivityFailures(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('activityFailures').where('failedAt', '<', before).execute();
}

/**
 * Finds activities that have been failing since before an instant, the oldest first.
 * @returns each workflow and activity once
 */
export async function findFailingActivities(
  tx: Tx,
  { before, limit }: { before: Date; limit: number },
): Promise<{ workflowId: string; activity: string }[]> {
  return tx
    .selectFrom('activityFailures')
    .select(['workflowId', 'activity'])
    .where('since', '<=', before)
    .groupBy(['workflowId', 'activity'])
    .orderBy((row) => row.fn.min('since'))
    .orderBy('workflowId')
    .limit(limit)
    .execute();
}
