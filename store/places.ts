import type { Tx } from './database.ts';

/** Where a ZIP is. A military one has no position, and no time zone either. */
export interface Place {
  zip: string;
  city: string;
  state: string;
  lat: number | null;
  lon: number | null;
  timeZone: string | null;
}

/** The place of a ZIP; undefined where nobody knows it. */
export async function findPlace(tx: Tx, zip: string): Promise<Place | undefined> {
  return tx.selectFrom('zips').selectAll().where('zip', '=', zip).executeTakeFirst();
}
