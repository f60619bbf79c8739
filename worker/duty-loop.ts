import type { Policy } from '../domain/policy.ts';
import { readAvailabilities } from '../store/availability.ts';
import type { Database } from '../store/database.ts';
import { keepDuty, takeTurned } from '../store/duties.ts';
import { type Loop, startLoop } from './loop.ts';

/** How many agents are looked at in one transaction. */
const pageSize = 200;

export interface DutyDeps {
  db: Database;
  policy: Policy;
  log: { warn: (values: object, message: string) => void };
}

/**
 * Takes agents whose hours have begun or ended, writes their next time on duty, and wakes referrals for those who can
 * be asked now. Workers that do this at once take different agents; one whose turn was taken has a later one.
 * @param woken referrals that earlier pages woke: of many who begin at nine, each wakes another one
 * @returns how many were taken; a full page means that there may be more
 */
export async function turnPage(
  { db, policy }: Pick<DutyDeps, 'db' | 'policy'>,
  { at, limit = pageSize, woken }: { at: Date; limit?: number; woken?: Set<string> },
): Promise<{ turned: number; isFull: boolean }> {
  return db.transaction().execute(async (tx) => {
    const npns = await takeTurned(tx, { at, limit });
    if (npns.length > 0)
      await keepDuty(tx, await readAvailabilities(tx, npns, at), { at, limits: policy, woken });
    return { turned: npns.length, isFull: npns.length === limit };
  });
}

/**
 * Looks every few seconds whose time on duty begins or ends.
 * @param tickMs how long it waits between two looks
 */
export function startDutyLoop(deps: DutyDeps, { tickMs }: { tickMs: number }): Loop {
  let woken = new Set<string>();
  return startLoop({
    begin: () => {
      woken = new Set();
    },
    page: () => turnPage(deps, { at: new Date(), woken }),
    tickMs,
    log: deps.log,
    failed: 'Who is on duty cannot be looked up; it is tried again.',
  });
}
