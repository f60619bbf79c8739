import type { Policy } from '../../domain/policy.ts';
import type { Database } from '../../store/database/connection.ts';
import { areMediansCounted, countAgentMedians } from '../../store/referrals/offers/agent-figures.ts';
import type { FailureLog } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

/** How often a worker looks whether the medians are out of date, in milliseconds. */
const tickMs = 60_000;

/** Counts the medians that agents see beside their own figures, if they are out of date. @returns whether they were */
export async function refreshAgentMedians(
  db: Database,
  { at, policy }: { at: Date; policy: Pick<Policy, 'followUpWindowMs'> },
): Promise<boolean> {
  if (await areMediansCounted(db, at)) return false;
  await db
    .transaction()
    .execute((tx) => countAgentMedians(tx, { at, contactWithinMs: policy.followUpWindowMs }));
  return true;
}

/** Counts the medians of agents whenever they are out of date. */
export function startAgentMediansLoop({
  db,
  policy,
  log,
}: {
  db: Database;
  policy: Policy;
  log: FailureLog;
}): Loop {
  return startLoop({
    beginPass: () => async () => {
      await refreshAgentMedians(db, { at: new Date(), policy });
      return { isFull: false };
    },
    tickMs,
    log,
    failureMessage: 'Medians of agents not counted, will retry',
  });
}
