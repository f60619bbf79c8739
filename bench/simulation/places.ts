import { sql } from 'kysely';
import type { Database } from '../../store/database/connection.ts';

/** A ZIP and where it is. */
export interface Place {
  zip: string;
  city: string;
  state: string;
  lat: number;
  lon: number;
  timeZone: string;
  isRural: boolean;
}

/** Fewer ZIPs than these in a square of half a degree, about 35 by 28 miles, are a rural place. */
const urbanZips = 15;

/** SQL: the ZIPs that have a position, and whether each is a rural place. */
export const ruralSql = sql`
  select zip, city, state, lat, lon, time_zone,
    count(*) over (partition by square_of(lat, lon)) < ${urbanZips}::integer as is_rural
  from zips where lat is not null`;

/** Reads every ZIP that has a position, in their order. */
export async function readPlaces(db: Database): Promise<Place[]> {
  return (await sql<Place>`${ruralSql} order by zip`.execute(db)).rows;
}
