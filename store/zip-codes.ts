import { sql } from 'kysely';
import { kindOfPlace } from '../domain/values/territories.ts';
import type { Tx } from './database/connection.ts';

/** Location of a ZIP code. Most military ones have no position. */
export interface Place {
  zip: string;
  city: string;
  /** State of its post office. */
  state: string;
  lat: number | null;
  lon: number | null;
  timeZone: string | null;
}

/** Location that follows from a ZIP somebody entered. */
export interface ResolvedPlace {
  /** Undefined while the state has to be chosen first. */
  place: Place | undefined;
  /** Every state the ZIP can lie in. */
  states: string[];
}

const columns = ['zip', 'city', 'state', 'lat', 'lon', 'timeZone'] as const;

/** Finds the location of a ZIP; undefined if the table lacks it. */
export async function findPlace(tx: Tx, zip: string): Promise<Place | undefined> {
  return tx.selectFrom('zips').select(columns).where('zip', '=', zip).executeTakeFirst();
}

/**
 * Resolves the ZIP of a consumer, who can say in which state it lies. New ZIPs come every year: one that the table
 * lacks, but whose first three digits are in use, gets the location of the nearest number in that state.
 * @returns undefined if not even the first three digits are in use
 */
export async function resolvePlace(
  tx: Tx,
  { zip, state }: { zip: string; state?: string | undefined },
): Promise<ResolvedPlace | undefined> {
  const place = await findPlace(tx, zip);
  if (place) return { place, states: await statesOfZip(tx, place) };
  const states = await statesOfPrefix(tx, zip);
  const [first] = states;
  if (first === undefined) return undefined;
  // a territory or a military code is the only choice
  const within = states.length === 1 && kindOfPlace(first) !== 'state' ? first : state;
  return { place: within === undefined ? undefined : await findNeighborPlace(tx, zip, within), states };
}

/**
 * Resolves the ZIP of an agent, for whom the state does not matter (licenses say it): the ZIP's own location, or that
 * of the nearest number with the same first three digits.
 * @returns undefined if those three digits are not in use
 */
export async function nearestPlace(tx: Tx, zip: string): Promise<Place | undefined> {
  return (await findPlace(tx, zip)) ?? findNeighborPlace(tx, zip);
}

/** Reads every state a ZIP lies in, that of its post office first. Few ZIPs lie in more than one. */
export async function statesOfZip(tx: Tx, { zip, state }: Pick<Place, 'zip' | 'state'>): Promise<string[]> {
  const others = await tx
    .selectFrom('zipStates')
    .select('state')
    .where('zip', '=', zip)
    .where('state', '<>', state)
    .orderBy('state')
    .execute();
  return [state, ...others.map((row) => row.state)];
}

async function statesOfPrefix(tx: Tx, zip: string): Promise<string[]> {
  const [from, to] = rangeOf(zip);
  const { rows } = await sql<{ state: string }>`
    select state from zips where zip between ${from} and ${to}
    union select state from zip_states where zip between ${from} and ${to}
    order by state`.execute(tx);
  return rows.map(({ state }) => state);
}

/** Finds the known ZIP with the nearest number among those with the same first three digits, in one state or in any. */
export async function findNeighborPlace(tx: Tx, zip: string, state?: string): Promise<Place | undefined> {
  const [from, to] = rangeOf(zip);
  let query = tx.selectFrom('zips').select(columns).where('zip', '>=', from).where('zip', '<=', to);
  if (state !== undefined)
    query = query.where((row) =>
      row.or([
        row('state', '=', state),
        row.exists(
          row
            .selectFrom('zipStates')
            .select('zipStates.zip')
            .whereRef('zipStates.zip', '=', 'zips.zip')
            .where('zipStates.state', '=', state),
        ),
      ]),
    );
  return query
    .where('zip', '<>', zip)
    .orderBy(sql`abs(zip::integer - ${zip}::integer)`)
    .orderBy('zip')
    .executeTakeFirst();
}

function rangeOf(zip: string): readonly [from: string, to: string] {
  const prefix = zip.slice(0, 3);
  return [`${prefix}00`, `${prefix}99`];
}
