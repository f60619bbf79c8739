import {
  groupWaits,
  slicesOf,
  type WaitCount,
  type WaitingPeriod,
  waitingPeriods,
} from '../../domain/referrals/waiting-times.ts';
import type { Database } from '../../store/database/connection.ts';
import { isCountOutOfDate, readWaits, saveWaitingTimes } from '../../store/referrals/waiting-times.ts';
import type { FailureLog } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

/** How often a worker looks whether waiting times are out of date, in milliseconds. */
const tickMs = 60_000;

/**
 * Counts the waiting times of a period again if they are out of date. Each hour or day is read by a short query of its own.
 * Workers that count at the same time come to the same, so nothing keeps them apart.
 * @returns whether they were counted
 */
export async function refreshWaitingTimes(
  db: Database,
  { period, at, stopping }: { period: WaitingPeriod; at: Date; stopping: AbortSignal },
): Promise<boolean> {
  if (!(await isCountOutOfDate(db, { period, at }))) return false;
  const counts: WaitCount[] = [];
  for (const slice of slicesOf(period, at)) {
    if (stopping.aborted) return false;
    counts.push(...(await readWaits(db, slice)));
  }
  const groups = groupWaits(counts);
  await db.transaction().execute((tx) => saveWaitingTimes(tx, { period, at, groups }));
  return true;
}

/** Counts the waiting times that everybody may read, whenever they are out of date. */
export function startWaitingTimesLoop({ db, log }: { db: Database; log: FailureLog }): Loop {
  return startLoop({
    beginPass: () => async (stopping) => {
      const at = new Date();
      for (const period of waitingPeriods) await refreshWaitingTimes(db, { period, at, stopping });
      return { isFull: false };
    },
    tickMs,
    log,
    failureMessage: 'Waiting times not counted, will retry',
  });
}
