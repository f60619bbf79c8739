import type { Tx } from '../../../store/database/connection.ts';
import { nearestPlace, type Place } from '../../../store/zip-codes.ts';
import type { Checked } from '../../http/requests/checked.ts';

/** Checks the ZIP of an agent. @returns its location */
export async function checkAgentZip(tx: Tx, zip: string): Promise<Checked<Place>> {
  const place = await nearestPlace(tx, zip);
  if (place) return { known: place };
  return { faults: [{ pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }] };
}
