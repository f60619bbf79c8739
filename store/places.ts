import type { Tx } from './database.ts';

/** Where a ZIP is. A military one has no position, and no time zone either. */
export interface Place {
  zip: string;
  city: string;
  /** The state of its post office. */
  state: string;
  lat: number | null;
  lon: number | null;
  timeZone: string | null;
}

/** The place of a ZIP; undefined where nobody knows it. */
export async function findPlace(tx: Tx, zip: string): Promise<Place | undefined> {
  return tx.selectFrom('zips').selectAll().where('zip', '=', zip).executeTakeFirst();
}

/** Every state that a ZIP lies in, the one of its post office first. Few lie in more than one. */
export async function statesOf(tx: Tx, { zip, state }: Pick<Place, 'zip' | 'state'>): Promise<string[]> {
  const others = await tx
    .selectFrom('zipStates')
    .select('state')
    .where('zip', '=', zip)
    .where('state', '<>', state)
    .orderBy('state')
    .execute();
  return [state, ...others.map((row) => row.state)];
}
