import { sql } from 'kysely';
import { type AvailabilitySetting, availabilityWindowAt } from '../../domain/agents/availability.ts';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import type { Tx } from '../database/connection.ts';
import { wakeReferralsForAgents } from './serving.ts';

/**
 * Saves the availability window of each agent, current or next, from which matching reads whether they are available.
 * Wakes queued referrals for agents who have become available. Repeating it changes nothing.
 *
 * A window that has begun is saved with an infinite beginning: matching on a machine whose clock is a little behind
 * must not skip an agent for whom a referral was just woken.
 * @param woken ids of referrals that were woken a moment ago; those woken now are added
 */
export async function saveAvailabilityWindows(
  tx: Tx,
  settings: ReadonlyMap<string, AvailabilitySetting>,
  { at, limits, woken }: { at: Date; limits: CapacityLimits; woken?: Set<string> | undefined },
): Promise<void> {
  const rows = [...settings].map(([npn, setting]) => {
    const window = availabilityWindowAt(at, setting);
    const isAvailable = window !== undefined && window.from <= at;
    return {
      npn,
      isAvailable,
      from: isAvailable ? '-infinity' : (window?.from.toISOString() ?? 'infinity'),
      until: window?.until?.toISOString() ?? 'infinity',
      changesAt: (isAvailable ? window.until : window?.from)?.toISOString() ?? null,
    };
  });
  const { rows: updated } = await sql<{ npn: string; wasAvailable: boolean }>`
    with before as (
      select npn, available_from <= ${at} and ${at} < available_until
        and coalesce(availability_changes_at > ${at}, true) as was_available
      from agents where npn = any(${rows.map(({ npn }) => npn)}::text[])
    )
    update agents a set available_from = w.available_from, available_until = w.available_until,
      availability_changes_at = w.changes_at
    from unnest(
      ${rows.map(({ npn }) => npn)}::text[], ${rows.map(({ from }) => from)}::timestamptz[],
      ${rows.map(({ until }) => until)}::timestamptz[], ${rows.map(({ changesAt }) => changesAt)}::timestamptz[]
    ) as w (npn, available_from, available_until, changes_at) join before b on b.npn = w.npn
    where a.npn = w.npn
    returning a.npn, b.was_available`.execute(tx);
  const wasAvailable = new Map(updated.map((row) => [row.npn, row.wasAvailable]));
  const nowAvailable = rows
    .filter(({ npn, isAvailable }) => isAvailable && wasAvailable.get(npn) === false)
    .map(({ npn }) => npn);
  if (nowAvailable.length > 0) await wakeReferralsForAgents(tx, nowAvailable, { limits, woken });
}

interface ElapsedWindowsPage {
  at: Date;
  limit: number;
  /** NPNs to leave out. */
  except: ReadonlySet<string>;
}

/** Selects agents whose availability has begun or ended with the passing of time, the longest ago first. */
const elapsedWindows = (tx: Tx, { at, limit, except }: ElapsedWindowsPage) =>
  tx
    .selectFrom('agents')
    .select('npn')
    .where('availabilityChangesAt', '<=', at)
    .where(sql<boolean>`npn <> all(${[...except]}::text[])`)
    .orderBy('availabilityChangesAt')
    .orderBy('npn')
    .limit(limit);

/**
 * Locks a page of agents with elapsed windows till the transaction ends, skipping rows that are locked.
 * @returns their NPNs
 */
export async function claimElapsedWindows(tx: Tx, page: ElapsedWindowsPage): Promise<string[]> {
  const rows = await elapsedWindows(tx, page).forUpdate().skipLocked().execute();
  return rows.map(({ npn }) => npn);
}

/** Reads a page of NPNs with elapsed windows, without locks. */
export async function readElapsedWindows(tx: Tx, page: ElapsedWindowsPage): Promise<string[]> {
  return (await elapsedWindows(tx, page).execute()).map(({ npn }) => npn);
}

/** Locks one agent. @returns false if the window was refreshed meanwhile or the row is locked */
export async function lockElapsedWindow(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<boolean> {
  const row = await tx
    .selectFrom('agents')
    .select('npn')
    .where('npn', '=', npn)
    .where('availabilityChangesAt', '<=', at)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
}
