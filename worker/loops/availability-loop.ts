import type { Policy } from '../../domain/policy.ts';
import { readAvailabilities } from '../../store/agents/availability.ts';
import {
  claimElapsedWindows,
  lockElapsedWindow,
  readElapsedWindows,
  saveAvailabilityWindows,
} from '../../store/agents/availability-windows.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { type FailureLog, processEach } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

/** Agents processed in one transaction. */
const pageSize = 200;

export interface AvailabilityLoopDeps {
  db: Database;
  policy: Policy;
  log: FailureLog;
}

interface Page {
  at: Date;
  limit?: number;
  stopping: AbortSignal;
  /** Referrals that earlier pages of this pass woke. Of many agents who become available at once, each wakes another. */
  woken?: Set<string>;
  /** NPNs that failed in earlier pages of this pass; those that fail now are added. */
  failed?: Set<string>;
}

/**
 * Claims agents whose availability window has begun or ended, saves their next window, and wakes referrals for those
 * who can be asked now. Workers that run this at the same time claim different agents. If a page fails, its agents are
 * processed one by one, so that one bad row does not stop the others.
 * @returns the number of agents processed; a full page means that there may be more
 */
export async function refreshWindows(
  deps: AvailabilityLoopDeps,
  { at, limit = pageSize, stopping, woken, failed = new Set() }: Page,
): Promise<{ refreshed: number; isFull: boolean }> {
  const page = { at, limit, except: failed };
  const refresh = (tx: Tx, npns: readonly string[], wokenNow: Set<string> | undefined) =>
    refreshAgentWindows(tx, npns, { at, limits: deps.policy, woken: wokenNow });
  try {
    return await deps.db.transaction().execute(async (tx) => {
      const npns = await claimElapsedWindows(tx, page);
      // a copy, because the wakes of a page that fails are rolled back
      const wokenNow = new Set(woken);
      await refresh(tx, npns, wokenNow);
      for (const id of wokenNow) woken?.add(id);
      return { refreshed: npns.length, isFull: npns.length === limit };
    });
  } catch {
    const npns = await readElapsedWindows(deps.db, page);
    const work = (npn: string) =>
      deps.db.transaction().execute(async (tx) => {
        if (!(await lockElapsedWindow(tx, { npn, at }))) return false;
        await refresh(tx, [npn], woken);
        return true;
      });
    const message = 'Agent availability refresh failed, will retry';
    const failedBefore = failed.size;
    const refreshed = await processEach(npns, { work, failed, log: deps.log, message, stopping });
    return { refreshed, isFull: npns.length === limit && refreshed + failed.size > failedBefore };
  }
}

async function refreshAgentWindows(
  tx: Tx,
  npns: readonly string[],
  { at, ...more }: { at: Date; limits: Policy; woken: Set<string> | undefined },
): Promise<void> {
  if (npns.length > 0)
    await saveAvailabilityWindows(tx, await readAvailabilities(tx, npns, at), { at, ...more });
}

/**
 * Refreshes availability windows that have begun or ended, every few seconds.
 * @param tickMs milliseconds between two passes
 */
export function startAvailabilityLoop(deps: AvailabilityLoopDeps, { tickMs }: { tickMs: number }): Loop {
  return startLoop({
    beginPass: () => {
      const pass = { woken: new Set<string>(), failed: new Set<string>() };
      return (stopping) => refreshWindows(deps, { at: new Date(), stopping, ...pass });
    },
    tickMs,
    log: deps.log,
    failureMessage: 'Availability loop failed, will retry',
  });
}
