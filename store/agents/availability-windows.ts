import { sql } from 'kysely';
import { type AvailabilitySetting, availabilityWindowAt } from '../../domain/agents/availability.ts';
import type { Tx } from '../database/connection.ts';
import { type CapacityLimits, wakeReferralsForAgents } from './serving.ts';

/**
 * Writes what matching reads of agents' availability: the time that is running, or the next. For those who were not
 * on duty, as far as was known here, and are now, it wakes referrals that wait. A second time in a row changes nothing.
 *
 * A time that has begun is written as one without a beginning: matching on a machine whose clock is a little behind
 * must not pass over somebody for whom a referral was just woken.
 * @param woken referrals that were woken a moment ago, and those that are woken now
 */
export async function saveAvailabilityWindows(
  tx: Tx,
  settings: ReadonlyMap<string, AvailabilitySetting>,
  { at, limits, woken }: { at: Date; limits: CapacityLimits; woken?: Set<string> | undefined },
): Promise<void> {
  const rows = [...settings].map(([npn, setting]) => {
    const window = availabilityWindowAt(at, setting);
    const isOn = window !== undefined && window.from <= at;
    return {
      npn,
      isOn,
      from: isOn ? '-infinity' : (window?.from.toISOString() ?? 'infinity'),
      until: window?.until?.toISOString() ?? 'infinity',
      changesAt: (isOn ? window.until : window?.from)?.toISOString() ?? null,
    };
  });
  const { rows: known } = await sql<{ npn: string; wasOn: boolean }>`
    with known as (
      select npn, available_from <= ${at} and ${at} < available_until
        and coalesce(availability_changes_at > ${at}, true) as was_on
      from agents where npn = any(${rows.map(({ npn }) => npn)}::text[])
    )
    update agents a set available_from = w.available_from, available_until = w.available_until,
      availability_changes_at = w.changes_at
    from unnest(
      ${rows.map(({ npn }) => npn)}::text[], ${rows.map(({ from }) => from)}::timestamptz[],
      ${rows.map(({ until }) => until)}::timestamptz[], ${rows.map(({ changesAt }) => changesAt)}::timestamptz[]
    ) as w (npn, available_from, available_until, changes_at) join known k on k.npn = w.npn
    where a.npn = w.npn
    returning a.npn, k.was_on`.execute(tx);
  const wasOn = new Map(known.map((row) => [row.npn, row.wasOn]));
  const begun = rows.filter(({ npn, isOn }) => isOn && wasOn.get(npn) === false).map(({ npn }) => npn);
  if (begun.length > 0) await wakeReferralsForAgents(tx, begun, { limits, woken });
}

interface ElapsedWindowsPage {
  at: Date;
  limit: number;
  /** Agents that are left out. */
  except: ReadonlySet<string>;
}

/** Agents whose availability has begun or ended by itself, the longest ago first. */
const elapsedWindows = (tx: Tx, { at, limit, except }: ElapsedWindowsPage) =>
  tx
    .selectFrom('agents')
    .select('npn')
    .where('availabilityChangesAt', '<=', at)
    .where(sql<boolean>`npn <> all(${[...except]}::text[])`)
    .orderBy('availabilityChangesAt')
    .orderBy('npn')
    .limit(limit);

/** Locks a page of them till the transaction ends; those whose rows somebody else holds are left. */
export async function claimElapsedWindows(tx: Tx, page: ElapsedWindowsPage): Promise<string[]> {
  const rows = await elapsedWindows(tx, page).forUpdate().skipLocked().execute();
  return rows.map(({ npn }) => npn);
}

/** Reads a page of them. */
export async function readElapsedWindows(tx: Tx, page: ElapsedWindowsPage): Promise<string[]> {
  return (await elapsedWindows(tx, page).execute()).map(({ npn }) => npn);
}

/** Locks one of them. @returns whether its availability still turns, and nobody else holds its row */
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
