import { CompiledQuery, sql } from 'kysely';
import type { Database, Tx } from './database/connection.ts';

/** A limit that makes each attempt wait longer than the one before. */
export interface BackoffLimit {
  /** Attempts that pass without waiting. */
  points: number;
  /** Longest wait before an attempt, in milliseconds. */
  maxWaitMs: number;
  /** Milliseconds without an attempt after which the count starts again. */
  resetAfterMs: number;
}

/**
 * Counts an attempt if it may pass now. The first `points` attempts pass at once; each later one waits twice as long as
 * the one before, beginning with one second. Concurrent attempts pass only as far as the limit allows.
 * @returns 0 if the attempt passes; otherwise the milliseconds to wait, and nothing is counted
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
  const stored = await tx.selectFrom('rateLimits').select('openAt').where('key', '=', key).executeTakeFirst();
  return Math.max(1, (stored?.openAt?.getTime() ?? now) - now);
}

/**
 * Takes back an attempt that did not fail: the next one need not wait, and half of the earlier failures are forgiven.
 */
export async function forgiveAttempt(tx: Tx, { key, at }: { key: string; at: Date }): Promise<void> {
  await tx
    .updateTable('rateLimits')
    .set({ points: sql<number>`greatest(points - 1, 0) / 2`, openAt: at })
    .where('key', '=', key)
    .execute();
}

/** Adapts the database to rate-limiter-flexible, which needs only the `query` method of a Postgres client. */
export function limiterClient(db: Database) {
  return {
    query: async ({ text, values }: { text: string; values: unknown[] }) => {
      const { rows } = await db.executeQuery(CompiledQuery.raw(text, values));
      return { rows, rowCount: rows.length };
    },
  };
}
