import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDatabase } from '../../../runtime/database.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import { readEvidence } from '../../../store/feeds/evidence.ts';
import {
  deleteLicenseLookup,
  type LookedUpLicense,
  readLicenseLookup,
  recordLicenseLookup,
  scheduleLicenseLookup,
} from '../../../store/feeds/license-lookups.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const at = new Date('2026-11-23T15:00:00Z');
const license: LookedUpLicense = {
  state: 'FL',
  licenseNumber: 'W1',
  licenseClass: 'Producer',
  resident: true,
  active: true,
  issuedOn: '2026-11-20',
  expiresOn: null,
  lineCode: '16',
  lineOfAuthority: 'Health',
  lineActive: true,
};

async function found(npn: string, ...licenses: LookedUpLicense[]): Promise<void> {
  await scheduleLicenseLookup(db, { npn, at });
  await recordLicenseLookup(db, { npn, at, outcome: { endedAs: 'found', licenses }, nextAt: null });
}
const licensesOf = async (npn: string) => (await readEvidence(db, { npn, planYear: 2027 })).licenses;

test('what the registry answered is evidence with its own source and date', async () => {
  await found('820001', license);
  expect(await licensesOf('820001')).toEqual([
    {
      state: 'FL',
      licenseClass: 'Producer',
      resident: true,
      active: true,
      issuedOn: '2026-11-20',
      expiresOn: null,
      line: 'Health',
      lineActive: true,
      health: true,
      source: { feed: 'license-lookup', asOf: at },
    },
  ]);
});

test('while the feed has any row of the agent, its snapshot alone counts', async () => {
  await found('820002', license, { ...license, state: 'TX' });
  await seedEvidence(db, { npn: '820002', planYear: 2027, states: ['UT'] });
  expect((await licensesOf('820002')).map(({ state, source }) => [state, source.feed])).toEqual([
    ['UT', 'licenses'],
  ]);
});

test('an old answer that was deleted does not come back when the feed drops the agent', async () => {
  await found('820003', license);
  await seedEvidence(db, { npn: '820003', planYear: 2027, states: ['UT'] });
  await deleteLicenseLookup(db, '820003');
  await db.deleteFrom('licenses').where('npn', '=', '820003').execute();
  expect(await licensesOf('820003')).toEqual([]);
  expect(await readLicenseLookup(db, '820003')).toBeUndefined();
});

test('a newer answer replaces an older one whole, an outage replaces nothing', async () => {
  await found('820004', license);
  const later = new Date('2026-11-24T15:00:00Z');
  await recordLicenseLookup(db, { npn: '820004', at: later, outcome: { endedAs: 'outage' }, nextAt: later });
  expect(await licensesOf('820004')).toHaveLength(1);
  expect(await readLicenseLookup(db, '820004')).toEqual({
    tries: 2,
    lastAt: later,
    nextAt: later,
    endedAs: 'outage',
  });
  await recordLicenseLookup(db, { npn: '820004', at: later, outcome: { endedAs: 'none' }, nextAt: null });
  expect(await licensesOf('820004')).toEqual([]);
});

test('a scheduled lookup is not moved, and a line of authority listed twice is one', async () => {
  await scheduleLicenseLookup(db, { npn: '820005', at });
  await scheduleLicenseLookup(db, { npn: '820005', at: new Date(at.getTime() + 1_000) });
  expect(await readLicenseLookup(db, '820005')).toEqual({
    tries: 0,
    lastAt: null,
    nextAt: at,
    endedAs: null,
  });
  await found('820005', license, license);
  expect(await licensesOf('820005')).toHaveLength(1);
});
