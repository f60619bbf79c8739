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

/** How many agents are looked at in one transaction. */
const pageSize = 200;

export interface AvailabilityLoopDeps {
  db: Database;
  policy: Policy;
  log: FailureLog;
}

interface Page {
  at: Date;
  limit?: number;
  /** Referrals that earlier pages woke: of many who begin at nine, each wakes another one. */
  woken?: Set<string>;
  /** Agents who could not be taken by earlier pages of this look; those of this page come to it. */
  failed?: Set<string>;
}

/**
 * Takes agents whose hours have begun or ended, writes their next availability window, and wakes referrals for those who
 * can be asked now. Workers that do this at once take different agents; one whose turn was taken has a later one. Where
 * a page fails, each of its agents is taken alone, so that one whose row cannot be worked on stops no other.
 * @returns how many were taken; a full page means that there may be more
 */
export async function refreshWindows(
  deps: AvailabilityLoopDeps,
  { at, limit = pageSize, woken, failed = new Set() }: Page,
): Promise<{ turned: number; isFull: boolean }> {
  const page = { at, limit, except: failed };
  const turn = (tx: Tx, npns: readonly string[], wokenNow: Set<string> | undefined) =>
    refreshAgentWindows(tx, npns, { at, limits: deps.policy, woken: wokenNow });
  try {
    return await deps.db.transaction().execute(async (tx) => {
      const npns = await claimElapsedWindows(tx, page);
      // of a page that fails nobody was woken
      const wokenNow = new Set(woken);
      await turn(tx, npns, wokenNow);
      for (const id of wokenNow) woken?.add(id);
      return { turned: npns.length, isFull: npns.length === limit };
    });
  } catch {
    const npns = await readElapsedWindows(deps.db, page);
    const work = (npn: string) =>
      deps.db.transaction().execute(async (tx) => {
        if (!(await lockElapsedWindow(tx, { npn, at }))) return false;
        await turn(tx, [npn], woken);
        return true;
      });
    const message = 'Whether an agent is available cannot be looked up; it is tried again.';
    const failedBefore = failed.size;
    const turned = await processEach(npns, { work, failed, log: deps.log, message });
    return { turned, isFull: npns.length === limit && turned + failed.size > failedBefore };
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
 * Looks every few seconds whose availability begins or ends.
 * @param tickMs how long it waits between two looks
 */
export function startAvailabilityLoop(deps: AvailabilityLoopDeps, { tickMs }: { tickMs: number }): Loop {
  let woken = new Set<string>();
  let failed = new Set<string>();
  return startLoop({
    begin: () => {
      woken = new Set();
      failed = new Set();
    },
    processPage: () => refreshWindows(deps, { at: new Date(), woken, failed }),
    tickMs,
    log: deps.log,
    failureMessage: 'Who is available cannot be looked up; it is tried again.',
  });
}
