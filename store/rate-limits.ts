import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './database/connection.ts';

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
  // no instant where nobody has to wait: an attempt that began before another and is counted after it would wait for it
  const row = { key, points: 1, expire: now + resetAfterMs, openAt: null };
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
          openAt: sql<Date | null>`case when rate_limits.expire > ${now}::bigint and ${waitMs} > 0
            then ${at}::timestamptz + ${waitMs} * interval '1 millisecond' end`,
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
export async function forgiveAttempt(tx: Tx, key: string): Promise<void> {
  await tx
    .updateTable('rateLimits')
    .set({ points: sql<number>`greatest(points - 1, 0) / 2`, openAt: null })
    .where('key', '=', key)
    .execute();
}

/** Takes back an attempt that neither failed nor succeeded. Earlier failures stay, and so does the wait after the next. */
export async function takeBackAttempt(tx: Tx, key: string): Promise<void> {
  await tx
    .updateTable('rateLimits')
    .set({ points: sql<number>`greatest(points - 1, 0)`, openAt: null })
    .where('key', '=', key)
    .execute();
}

/** A counter of the uses within a window, which begins with the first of them. */
export interface UseCounter {
  key: string;
  /** Uses that pass within a window. */
  points: number;
  windowMs: number;
}

/** Uses within the window, the counted one among them, and the end of the window in milliseconds since 1970. */
export interface CountedUses {
  uses: number;
  endsAt: number;
}

/**
 * Counts one use of each counter, one after another in one statement, until one is above its limit: that one is counted, those
 * behind it are not. Counters that are counted together somewhere else too come in the same order everywhere, because a
 * statement holds what it has counted until its end.
 * @returns the counters that were counted, in their order
 */
export async function countUses(
  db: Tx,
  counters: readonly UseCounter[],
  now: number,
): Promise<CountedUses[]> {
  const counted = counters.map((_, at) => sql.raw(`counted_${at}`));
  const parts = counters.map(({ key, windowMs }, at) => {
    const before = counters[at - 1];
    const isReached = before ? sql`from ${counted[at - 1]} where uses <= ${before.points}` : sql``;
    return sql`${counted[at]} as (${countUse({ key, endsAt: now + windowMs, now }, isReached)})`;
  });
  const selects = counted.map((name, at) => sql`select ${sql.lit(at)} as at, uses, ends_at from ${name}`);
  const { rows } = await sql<CountedUses>`
    with ${sql.join(parts)} ${sql.join(selects, sql` union all `)} order by at`.execute(db);
  return rows.map(({ uses, endsAt }) => ({ uses, endsAt }));
}

/** SQL that counts one use, in a new window if the last one is over; nothing if it is not reached. */
function countUse(
  { key, endsAt, now }: { key: string; endsAt: number; now: number },
  isReached: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    insert into rate_limits as stored (key, points, expire) select ${key}::text, 1, ${endsAt}::bigint ${isReached}
    on conflict (key) do update set
      points = case when stored.expire <= ${now}::bigint then 1 else stored.points + 1 end,
      expire = case when stored.expire <= ${now}::bigint then excluded.expire else stored.expire end
    returning points as uses, expire as ends_at`;
}

/** Takes back one use of each counter whose window goes on, in the order in which they were counted. */
export async function takeBackUses(db: Tx, keys: readonly string[], now: number): Promise<void> {
  await sql`
    update rate_limits set points = greatest(points - 1, 0) where key in (
      select key from rate_limits where key = any(${keys}::text[]) and expire > ${now}::bigint
      order by array_position(${keys}::text[], key::text) for update)`.execute(db);
}

/** Resets counters to zero. */
export async function clearUses(db: Tx, keys: readonly string[]): Promise<void> {
  await db.deleteFrom('rateLimits').where('key', '=', sql<string>`any(${keys}::text[])`).execute();
}
