import { sql } from 'kysely';
import {
  countedSince,
  type TimeSlice,
  type WaitCount,
  type WaitingPeriod,
  type WaitingTime,
  type WaitingTimeGroup,
} from '../../domain/referrals/waiting-times.ts';
import type { Tx } from '../database/connection.ts';

/** Returns whether the count of a period is out of date. */
export async function isCountOutOfDate(
  tx: Tx,
  { period, at }: { period: WaitingPeriod; at: Date },
): Promise<boolean> {
  const row = await tx
    .selectFrom('waitingTimeCounts')
    .select('period')
    .where('period', '=', period)
    .where('countedAt', '<', countedSince(period, at))
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Reads the requests that came in a part of time, by state, language and length of the wait: a few thousand rows, however
 * many requests there are. The wait is from the code that confirmed the request, or from the request where no code was
 * asked for, to the first acceptance. A request that still searches, or was withdrawn without an agent, does not count.
 */
export async function readWaits(tx: Tx, { from, until }: TimeSlice): Promise<WaitCount[]> {
  // lateral, so that only rows of these requests are read, by their keys
  const { rows } = await sql<WaitCount>`
    select r.state, r.language,
           case when o.accepted_at is not null then greatest(1, ceil(extract(epoch from
             o.accepted_at - coalesce(c.confirmed_at, r.created_at)) / 60))::integer end as minutes,
           count(*)::integer as requests, (count(*) filter (where r.is_unmatched))::integer as unmatched
    from request_ends r
    left join lateral (select confirmed_at from contact_codes where referral_id = r.id offset 0) c on true
    left join lateral (
      select accepted_at from offers where referral_id = r.id and accepted_at is not null
      order by number limit 1
    ) o on true
    where r.created_at >= ${from} and r.created_at < ${until}
      and (r.is_unmatched or o.accepted_at is not null)
    group by 1, 2, 3`.execute(tx);
  return rows;
}

/** Replaces the waiting times of a period. A count that began no later than the one that is stored changes nothing. */
export async function saveWaitingTimes(
  tx: Tx,
  { period, at, groups }: { period: WaitingPeriod; at: Date; groups: readonly WaitingTimeGroup[] },
): Promise<void> {
  const replaced = await tx
    .updateTable('waitingTimeCounts')
    .set({ countedAt: at })
    .where('period', '=', period)
    .where('countedAt', '<', at)
    .returning('period')
    .executeTakeFirst();
  if (!replaced) return;
  await tx.deleteFrom('waitingTimes').where('period', '=', period).execute();
  if (groups.length === 0) return;
  const rows = groups.map(({ found, ...group }) => ({ period, ...group, ...found }));
  await tx.insertInto('waitingTimes').values(rows).execute();
}

/** Reads the waiting times of a state and language, of the state, and of all states: at most six rows. */
export async function readWaitingTimes(
  tx: Tx,
  { state, language }: { state: string | undefined; language: string | undefined },
): Promise<WaitingTime[]> {
  const rows = await tx
    .selectFrom('waitingTimes')
    .innerJoin('waitingTimeCounts', 'waitingTimeCounts.period', 'waitingTimes.period')
    .select(['waitingTimes.period', 'state', 'language', 'countedAt'])
    .select(['medianMinutes', 'ninetiethMinutes', 'unmatchedShare'])
    .where((where) =>
      where.or([
        where('state', 'is', null),
        where.and([
          where('state', '=', state ?? ''),
          where.or([where('language', 'is', null), where('language', '=', language ?? '')]),
        ]),
      ]),
    )
    .execute();
  return rows.map(({ medianMinutes, ninetiethMinutes, ...row }) => ({
    ...row,
    period: row.period as WaitingPeriod,
    found: medianMinutes === null || ninetiethMinutes === null ? null : { medianMinutes, ninetiethMinutes },
  }));
}
