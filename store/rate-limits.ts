import type { Tx } from './database.ts';

/**
 * Deletes counts whose window is over: the limiter itself begins anew by then, so that they say nothing any more.
 * @returns how many
 */
export async function deleteSpentLimits(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<number> {
  const spent = tx
    .selectFrom('rateLimits')
    .select('key')
    .where('expire', '<', at.getTime())
    .limit(limit)
    .forUpdate()
    .skipLocked();
  const { numDeletedRows } = await tx
    .deleteFrom('rateLimits')
    .where('key', 'in', spent)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
