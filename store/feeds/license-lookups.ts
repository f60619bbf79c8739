import type { Insertable } from 'kysely';
import type { Tx } from '../database/connection.ts';
import type { LookedUpLicenses } from '../database/schema.ts';

export type LookupResult = 'found' | 'none' | 'outage';

/** How it stands with the look-up of one NPN's licenses. */
export interface LicenseLookup {
  /** How often the registry was asked since this was promised. */
  tries: number;
  lastAt: Date | null;
  /** When it is asked next; null: no more. */
  nextAt: Date | null;
  /** How the last try ended: with licenses, without any, or without an answer. */
  endedAs: LookupResult | null;
}

/** One line of authority of one license, as a registry answered; the columns of the license feed. */
export type LookedUpLicense = Omit<Insertable<LookedUpLicenses>, 'npn' | 'lookedUpAt'>;

/** The look-up of an NPN; undefined where none was promised. */
export async function readLicenseLookup(tx: Tx, npn: string): Promise<LicenseLookup | undefined> {
  const row = await tx
    .selectFrom('licenseLookups')
    .select(['tries', 'lookedUpAt as lastAt', 'nextAt', 'endedAs'])
    .where('npn', '=', npn)
    .executeTakeFirst();
  return row && { ...row, endedAs: row.endedAs as LookupResult | null };
}

/**
 * Promises that the registry is asked at an instant. A promise that is there stays as it is, and what nobody could be
 * asked is not promised again. One that was answered for good begins anew, from the shortest interval; what was
 * answered stays until the next answer.
 * @returns when the registry is asked now; null: not at all
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

/**
 * Keeps what the registry answered: its licenses in place of those of an earlier answer. An outage says nothing of
 * licenses and leaves them.
 */
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
    // a registry may list a license's line twice; one is enough
    .onConflict((row) => row.doNothing())
    .execute();
}

/** Takes a promise back: there is no registry to ask, or nothing left to ask it. */
export async function cancelLicenseLookup(tx: Tx, npn: string): Promise<void> {
  await tx.updateTable('licenseLookups').set({ nextAt: null }).where('npn', '=', npn).execute();
}

/**
 * Forgets a look-up and its answer once the feed knows the agent: a license that the feed takes away later would
 * count again by the old answer.
 */
export async function deleteLicenseLookup(tx: Tx, npn: string): Promise<void> {
  await tx.deleteFrom('licenseLookups').where('npn', '=', npn).execute();
}
