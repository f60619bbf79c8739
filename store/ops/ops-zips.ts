import { randomUUID } from 'node:crypto';
import { applyTimeZoneChange } from '../agents/availability.ts';
import { lockOpenOnboardings } from '../agents/phones.ts';
import type { CapacityLimits } from '../agents/serving.ts';
import type { Tx } from '../database/connection.ts';
import type { Place } from '../zip-codes.ts';

/** What ops say of a ZIP. */
export interface ZipCorrection extends Place {
  timeZone: string;
  reason: string;
  accountId: string;
  at: Date;
}

/** A ZIP that ops have set, as it stands. */
export interface CorrectedZip extends Place {
  reason: string;
  setAt: Date;
}

/** How old the ZIP table is, and what ops have set in it. */
export interface ZipTable {
  /** Of when its data are; null before they were loaded. */
  asOf: string | null;
  loadedAt: Date | null;
  zips: number;
  set: CorrectedZip[];
}

/** How the ZIP table stands, what ops set last first. */
export async function readZipTable(tx: Tx): Promise<ZipTable> {
  const file = await tx
    .selectFrom('referenceFiles')
    .select(['asOf', 'loadedAt'])
    .where('name', '=', 'zips')
    .executeTakeFirst();
  const { zips } = await tx
    .selectFrom('zips')
    .select((row) => row.fn.countAll<number>().as('zips'))
    .executeTakeFirstOrThrow();
  const set = await selectZipChanges(tx).distinctOn('zip').orderBy('zip').orderBy('at', 'desc').execute();
  return {
    asOf: file?.asOf ?? null,
    loadedAt: file?.loadedAt ?? null,
    zips,
    set: set.toSorted((a, b) => b.setAt.getTime() - a.setAt.getTime()),
  };
}

/**
 * Sets where a ZIP is, in the caller's transaction: its row, which the file does not replace any more, the record of who
 * and why, and the place of the agents who gave it. The same again changes nothing and is answered as the first time.
 */
export async function setZip(tx: Tx, wish: ZipCorrection, limits: CapacityLimits): Promise<CorrectedZip> {
  const { reason, accountId, at, zip, ...place } = wish;
  const last = await selectZipChanges(tx).where('zip', '=', zip).orderBy('at', 'desc').executeTakeFirst();
  if (last && isSame(last, wish)) return last;
  await tx
    .insertInto('zips')
    .values({ zip, ...place, setAt: at })
    .onConflict((row) => row.column('zip').doUpdateSet({ ...place, setAt: at }))
    .execute();
  await tx
    .insertInto('zipChanges')
    .values({ id: randomUUID(), zip, ...place, reason, accountId, at })
    .execute();
  await moveAgents(tx, wish, limits);
  return { zip, ...place, reason, setAt: at };
}

/** Whether the table has a state, or something like one, and a time zone at all; what is not given it has. */
export async function checkStateAndTimeZone(
  tx: Tx,
  { state, timeZone }: { state?: string | undefined; timeZone?: string | undefined },
): Promise<{ state: boolean; timeZone: boolean }> {
  const has = async (column: 'state' | 'timeZone', value: string | undefined) =>
    value === undefined ||
    (await tx.selectFrom('zips').select('zip').where(column, '=', value).limit(1).execute()).length > 0;
  return { state: await has('state', state), timeZone: await has('timeZone', timeZone) };
}

function selectZipChanges(tx: Tx) {
  return tx
    .selectFrom('zipChanges')
    .select(['zip', 'city', 'state', 'lat', 'lon', 'timeZone', 'reason', 'at as setAt']);
}

function isSame(last: CorrectedZip, wish: ZipCorrection): boolean {
  const fields = ['city', 'state', 'lat', 'lon', 'timeZone', 'reason'] as const;
  return fields.every((field) => last[field] === wish[field]);
}

async function moveAgents(
  tx: Tx,
  { zip, lat, lon, timeZone, at }: ZipCorrection,
  limits: CapacityLimits,
): Promise<void> {
  const agents = await tx.selectFrom('agents').select('npn').where('zip', '=', zip).orderBy('npn').execute();
  for (const { npn } of agents) {
    // a story holds its own row before the agent's: in this order nobody waits for the other
    await lockOpenOnboardings(tx, npn);
    await tx
      .updateTable('agents')
      .set({ lat, lon, timeZone })
      .where('npn', '=', npn)
      .where('zip', '=', zip)
      .execute();
    await applyTimeZoneChange(tx, { npn, at, limits });
  }
}
