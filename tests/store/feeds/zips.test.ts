import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { loadReferenceData } from '../../../store/database/reference/load.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

/** Loads as the migration does, in a transaction. */
async function load(): Promise<void> {
  await client.query('begin');
  await loadReferenceData(client);
  await client.query('commit');
}

async function placeOf(zip: string): Promise<unknown> {
  const { rows } = await client.query('select city, state, lat, lon, time_zone from zips where zip = $1', [
    zip,
  ]);
  return rows[0];
}

describe('the ZIP table', () => {
  test('is loaded again only when its file is another', async () => {
    await client.query(`delete from zips where zip < '50000'`);
    await load();
    expect(await placeOf('00901')).toBeUndefined();
    await client.query(`update reference_files set sha256 = 'of an older file' where name = 'zips'`);
    await load();
    expect((await client.query('select from zips')).rowCount).toBe(42_560);
  });

  test('knows where a ZIP is and what time it keeps, in states, territories and where time changes within one', async () => {
    expect(await placeOf('75001')).toMatchObject({
      city: 'Addison',
      state: 'TX',
      lat: 32.96,
      time_zone: 'America/Chicago',
    });
    expect(await placeOf('79901')).toMatchObject({ city: 'El Paso', time_zone: 'America/Denver' });
    expect(await placeOf('32501')).toMatchObject({ city: 'Pensacola', time_zone: 'America/Chicago' });
    expect(await placeOf('85001')).toMatchObject({ city: 'Phoenix', time_zone: 'America/Phoenix' });
    expect(await placeOf('96799')).toMatchObject({ state: 'AS', time_zone: 'Pacific/Pago_Pago' });
    expect(await placeOf('00901')).toMatchObject({
      city: 'San Juan',
      state: 'PR',
      time_zone: 'America/Puerto_Rico',
    });
  });

  test('has the newer ZIPs that one source lacks, under their neighbor’s city', async () => {
    expect(await placeOf('75036')).toMatchObject({
      city: 'Little Elm',
      state: 'TX',
      time_zone: 'America/Chicago',
    });
  });

  test('has military ZIPs without a position, with their region’s usual time zone', async () => {
    expect(await placeOf('34025')).toEqual({
      city: 'DPO',
      state: 'AA',
      lat: null,
      lon: null,
      time_zone: 'America/Panama',
    });
    const { rows } = await client.query('select distinct state from zips where lat is null order by state');
    expect(rows).toEqual([{ state: 'AA' }, { state: 'AE' }, { state: 'AP' }]);
  });

  test('names only time zones that Postgres and this runtime know', async () => {
    const { rows } = await client.query<{ zone: string; known: boolean }>(
      `select distinct time_zone as zone, time_zone in (select name from pg_timezone_names) as known from zips`,
    );
    expect(rows.filter(({ known }) => !known)).toEqual([]);
    for (const { zone } of rows)
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
  });
});
