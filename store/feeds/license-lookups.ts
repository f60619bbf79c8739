import type { Insertable } from 'kysely';
import type { Tx } from '../database/connection.ts';
import type { LookedUpLicenses } from '../database/schema.ts';

export type LookupResult = 'found' | 'none' | 'outage';

/** State of the lookup of an NPN's licenses. */
export interface LicenseLookup {
  /** Number of tries since the lookup was scheduled. */
  tries: number;
  lastAt: Date | null;
  /** Time of the next try; null: none. */
  nextAt: Date | null;
  /** End of the last try: licenses found, none, or no answer. */
  endedAs: LookupResult | null;
}

/** A line of authority of a license as a registry answered, in the columns of the license feed. */
export type LookedUpLicense = Omit<Insertable<LookedUpLicenses>, 'npn' | 'lookedUpAt'>;

/** Reads the lookup of an NPN; undefined if none was ever scheduled. */
export async function readLicenseLookup(tx: Tx, npn: string): Promise<LicenseLookup | undefined> {
  const row = await tx
    .selectFrom('licenseLookups')
    .select(['tries', 'lookedUpAt as lastAt', 'nextAt', 'endedAs'])
    .where('npn', '=', npn)
    .executeTakeFirst();
  return row && { ...row, endedAs: row.endedAs as LookupResult | null };
}

/**
 * Schedules a lookup at the registry. A scheduled lookup stays as it is, and one that was canceled before its first try
 * is not scheduled again. A finished one starts over, from the shortest interval; its licenses stay until the next answer.
 * @returns time of the next try; null: none
 */
export async function scheduleLicenseLookup(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<Date | null> {
  await tx
    .insertInto('licenseLookups')
    .values({ npn, nextAt: at })
    .onConflict((row) =>
      row
        .column('npn')
        .doUpdateSet({ nextAt: at, tries: 0, lookedUpAt: null, endedAs: null })
        .where('licenseLookups.nextAt', 'is', null)
        .where('licenseLookups.tries', '>', 0),
    )
    .execute();
  return (await readLicenseLookup(tx, npn))?.nextAt ?? null;
}

/** Saves the registry's answer: its licenses replace those of an earlier answer. An outage leaves the licenses as they are. */
export async function recordLicenseLookup(
  tx: Tx,
  lookup: {
    npn: string;
    at: Date;
    outcome: { endedAs: 'found'; licenses: readonly LookedUpLicense[] } | { endedAs: 'none' | 'outage' };
    nextAt: Date | null;
  },
): Promise<void> {
  const { npn, at, outcome, nextAt } = lookup;
  const { endedAs } = outcome;
  await tx
    .updateTable('licenseLookups')
    .set((row) => ({ tries: row('tries', '+', 1), lookedUpAt: at, nextAt, endedAs }))
    .where('npn', '=', npn)
    .execute();
  if (endedAs === 'outage') return;
  await tx.deleteFrom('lookedUpLicenses').where('npn', '=', npn).execute();
  if (outcome.endedAs !== 'found') return;
  await tx
    .insertInto('lookedUpLicenses')
    .values(outcome.licenses.map((license) => ({ ...license, npn, lookedUpAt: at })))
    // a registry may list a line of authority twice; one is enough
    .onConflict((row) => row.doNothing())
    .execute();
}

/** Cancels a scheduled lookup: there is no registry, or nothing left to look up. */
export async function cancelLicenseLookup(tx: Tx, npn: string): Promise<void> {
  await tx.updateTable('licenseLookups').set({ nextAt: null }).where('npn', '=', npn).execute();
}

/**
 * Deletes a lookup and its answer once the license feed has the agent. Otherwise a license that the feed removes later
 * would count again by the old answer.
 */
export async function deleteLicenseLookup(tx: Tx, npn: string): Promise<void> {
  await tx.deleteFrom('licenseLookups').where('npn', '=', npn).execute();
}
