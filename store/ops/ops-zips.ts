import { randomUUID } from 'node:crypto';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import { applyTimeZoneChange } from '../agents/availability.ts';
import { lockOpenOnboardings } from '../agents/phones.ts';
import type { Tx } from '../database/connection.ts';
import type { Place } from '../zip-codes.ts';

/** A correction of a ZIP by ops. */
export interface ZipCorrection extends Place {
  timeZone: string;
  reason: string;
  accountId: string;
  at: Date;
}

/** A ZIP as ops have set it. */
export interface CorrectedZip extends Place {
  reason: string;
  setAt: Date;
}

/** State of the ZIP table, with the corrections of ops. */
export interface ZipTable {
  /** Date of its data; null before they are loaded. */
  asOf: string | null;
  loadedAt: Date | null;
  zips: number;
  set: CorrectedZip[];
}

/** Reads the state of the ZIP table, with the latest corrections first. */
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
 * Sets the place of a ZIP in the caller's transaction: its row, which the reference file no longer replaces, the record of
 * account and reason, and the location of the agents in this ZIP. A repeat changes nothing and returns the first result.
 */
export async function setZip(
  tx: Tx,
  correction: ZipCorrection,
  limits: CapacityLimits,
): Promise<CorrectedZip> {
  const { reason, accountId, at, zip, ...place } = correction;
  const last = await selectZipChanges(tx).where('zip', '=', zip).orderBy('at', 'desc').executeTakeFirst();
  if (last && isSame(last, correction)) return last;
  await tx
    .insertInto('zips')
    .values({ zip, ...place, setAt: at })
    .onConflict((row) => row.column('zip').doUpdateSet({ ...place, setAt: at }))
    .execute();
  await tx
    .insertInto('zipChanges')
    .values({ id: randomUUID(), zip, ...place, reason, accountId, at })
    .execute();
  await moveAgents(tx, correction, limits);
  return { zip, ...place, reason, setAt: at };
}

/** Returns whether the ZIP table has this state and this time zone at all; a value that is not given counts as present. */
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

function isSame(last: CorrectedZip, correction: ZipCorrection): boolean {
  const fields = ['city', 'state', 'lat', 'lon', 'timeZone', 'reason'] as const;
  return fields.every((field) => last[field] === correction[field]);
}

async function moveAgents(
  tx: Tx,
  { zip, lat, lon, timeZone, at }: ZipCorrection,
  limits: CapacityLimits,
): Promise<void> {
  const agents = await tx.selectFrom('agents').select('npn').where('zip', '=', zip).orderBy('npn').execute();
  for (const { npn } of agents) {
    // a review locks the onboarding before the agent: the same order here avoids deadlocks
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
