import { sql } from 'kysely';
import type { Tx } from './database/connection.ts';

/** A limit that makes each try wait longer than the one before. */
export interface BackoffLimit {
  /** How many are taken at once. */
  points: number;
  /** The longest that one waits, in milliseconds. */
  maxWaitMs: number;
  /** After how long without a try, in milliseconds, all of it is forgotten. */
  resetAfterMs: number;
}

/**
 * Counts a try, if it is time for it: the first ones come at once, each later one after twice the wait of the one before,
 * from one second on. Of tries that come together only as many pass as there is room for.
 * @returns 0 where it passes; else how many milliseconds are left, and nothing is counted
 */
export async function countAttempt(
  tx: Tx,
  { key, at, limit }: { key: string; at: Date; limit: BackoffLimit },
): Promise<number> {
  const { points, maxWaitMs, resetAfterMs } = limit;
  const now = at.getTime();
  const row = { key, points: 1, expire: now + resetAfterMs, openAt: at };
  const waitMs = sql<number>`case when rate_limits.points + 1 < ${points}::integer then 0
    else least(${maxWaitMs}::float8, 1000 * power(2, least(rate_limits.points + 1 - ${points}::integer, 30))) end`;
  const passed = await tx
    .insertInto('rateLimits')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({
          points: sql<number>`case when rate_limits.expire <= ${now}::bigint then 1 else rate_limits.points + 1 end`,
          expire: row.expire,
          openAt: sql<Date>`case when rate_limits.expire <= ${now}::bigint then ${at}::timestamptz
            else ${at}::timestamptz + ${waitMs} * interval '1 millisecond' end`,
        })
        .where((limits) =>
          limits.or([
            limits('rateLimits.expire', '<=', now),
            limits('rateLimits.openAt', '<=', at),
            limits('rateLimits.openAt', 'is', null),
          ]),
        ),
    )
    .returning('key')
    .executeTakeFirst();
  if (passed) return 0;
  const kept = await tx.selectFrom('rateLimits').select('openAt').where('key', '=', key).executeTakeFirst();
  return Math.max(1, (kept?.openAt?.getTime() ?? now) - now);
}

/** Takes a try back that was no failure: the next one need not wait, and half of the failures before it are forgiven. */
export async function forgiveAttempt(tx: Tx, { key, at }: { key: string; at: Date }): Promise<void> {
  await tx
    .updateTable('rateLimits')
    .set({ points: sql<number>`greatest(points - 1, 0) / 2`, openAt: at })
    .where('key', '=', key)
    .execute();
}
