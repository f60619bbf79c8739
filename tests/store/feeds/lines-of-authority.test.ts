import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { createDatabase } from '../../../runtime/database.ts';
import type { Database } from '../../../store/database/connection.ts';
import { migrate } from '../../../store/database/migrate.ts';
import { loadReferenceData } from '../../../store/database/reference/load.ts';
import type { DB } from '../../../store/database/schema.ts';
import { readEvidence } from '../../../store/feeds/evidence.ts';
import { recordLicenseLookup, scheduleLicenseLookup } from '../../../store/feeds/license-lookups.ts';
import { mapLineOfAuthority, readUnmappedLinesOfAuthority } from '../../../store/feeds/lines-of-authority.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { asOwner, createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

const at = new Date('2026-11-23T15:00:00Z');
const line = 'Sickness Insurance';

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

/** Creates an agent with an open onboarding and a license with this line of authority in a state. */
async function agent(npn: string, state: string, lineOfAuthority: string, closedAt: Date | null = null) {
  await seedEvidence(db, { npn, planYear: 2027, states: [state], license: { lineOfAuthority } });
  await db
    .insertInto('onboardings')
    .values({ npn, planYear: 2027, since: at, createdAt: at, closedAt })
    .execute();
}
const says = (state: string, name: string, health: boolean) =>
  db.transaction().execute((tx) => mapLineOfAuthority(tx, { state, name, health, by: 'ada', at }));
const healthOf = async (npn: string) => (await readEvidence(db, { npn, planYear: 2027 })).licenses[0]?.health;

/** Takes the NPNs to be woken out of the outbox. */
async function drainWoken(): Promise<string[]> {
  const rows = await db.deleteFrom('outbox').returning(['type', 'payload']).execute();
  expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(rows.length > 0 ? ['wake-onboarding'] : []));
  return rows.map(({ payload }) => (payload as { npn: string }).npn).toSorted();
}

describe('a name', () => {
  test.each([
    'Accident & Health or Sickness',
    'ACCIDENT AND HEALTH OR SICKNESS',
    'Life, Accident, and Health',
    'Life, Health & Annuities',
  ])('%s is known', async (name) => {
    await agent('830020', 'TX', name);
    expect(await healthOf('830020')).toBe(true);
    expect(await readUnmappedLinesOfAuthority(db)).toEqual([]);
  });

  test('is mapped once for all its spellings, and wakes every agent who has any of them', async () => {
    await agent('830021', 'TX', 'Dread Disease & Sickness');
    await agent('830022', 'TX', 'DREAD DISEASE AND SICKNESS');
    expect(await says('tx', ' Dread  Disease&Sickness ', true)).toEqual({ changed: true, woken: 2 });
    expect(await drainWoken()).toEqual(['830021', '830022']);
    expect([await healthOf('830021'), await healthOf('830022')]).toEqual([true, true]);
    expect(await says('TX', 'dread disease, and sickness', true)).toEqual({ changed: false, woken: 0 });
  });
});

describe('names that no mapping knows', () => {
  test('are reported with the licenses and agents that they keep from counting, most agents first', async () => {
    await agent('830001', 'TX', line);
    await agent('830002', 'TX', line.toUpperCase());
    await agent('830003', 'UT', line);
    await agent('830004', 'TX', 'Health');
    await seedEvidence(db, {
      npn: '830005',
      planYear: 2027,
      states: ['AZ'],
      license: { lineOfAuthority: 'Sickness, Old', active: false },
    });
    const name = line.toLowerCase();
    expect(await readUnmappedLinesOfAuthority(db)).toEqual([
      { state: 'TX', name, licenses: 2, agents: 2 },
      { state: 'UT', name, licenses: 1, agents: 1 },
      { state: 'AZ', name: 'sickness, old', licenses: 0, agents: 0 },
    ]);
  });

  test('are reported of a look-up too, as long as the feed does not know the agent', async () => {
    await scheduleLicenseLookup(db, { npn: '830006', at });
    const license = { state: 'OH', licenseNumber: '1', licenseClass: 'Producer', lineCode: '' };
    const licenses = [
      {
        ...license,
        lineOfAuthority: line,
        resident: true,
        active: true,
        lineActive: true,
        issuedOn: null,
        expiresOn: null,
      },
    ];
    await recordLicenseLookup(db, {
      npn: '830006',
      at,
      outcome: { endedAs: 'found', licenses },
      nextAt: null,
    });
    expect(await readUnmappedLinesOfAuthority(db)).toMatchObject([{ state: 'OH', agents: 1 }]);
    await seedEvidence(db, { npn: '830006', planYear: 2027 });
    expect(await readUnmappedLinesOfAuthority(db)).toEqual([]);
  });
});

describe('a mapping that somebody gives', () => {
  test('counts at once, records by whom and when, and wakes exactly the agents it concerns', async () => {
    await agent('830011', 'TX', line);
    await agent('830012', 'UT', line);
    await agent('830013', 'TX', 'Health');
    await agent('830014', 'TX', line, at);
    expect(await says('tx', ` ${line.toUpperCase()} `, true)).toEqual({ changed: true, woken: 1 });
    expect(await drainWoken()).toEqual(['830011']);
    expect(await Promise.all(['830011', '830012'].map(healthOf))).toEqual([true, undefined]);
    const row = await db.selectFrom('linesOfAuthority').selectAll().where('state', '=', 'TX').execute();
    expect(row).toEqual([{ state: 'TX', name: line.toLowerCase(), health: true, setAt: at, setBy: 'ada' }]);
  });

  test('that says the same again changes nothing and wakes nobody', async () => {
    await agent('830021', 'TX', line);
    await says('TX', line, true);
    await drainWoken();
    expect(await says('TX', line, true)).toEqual({ changed: false, woken: 0 });
    expect(await says('TX', line, false)).toEqual({ changed: true, woken: 1 });
    expect(await healthOf('830021')).toBe(false);
  });

  test('for every state leaves those alone that have one of their own', async () => {
    await agent('830031', 'TX', line);
    await agent('830032', 'UT', line);
    await says('TX', line, false);
    await drainWoken();
    await says('*', line, true);
    expect(await drainWoken()).toEqual(['830032']);
    expect(await Promise.all(['830031', '830032'].map(healthOf))).toEqual([false, true]);
  });
});

describe('loading the files again', () => {
  test('keeps the mappings that somebody gave, also of a name in the file, and wakes nobody', async () => {
    await agent('830041', 'TX', line);
    await says('TX', line, true);
    await says('*', 'Life', true);
    await drainWoken();
    await asOwner(database, 'delete from reference_files');
    await migrate(database.ownerUrl);
    expect(await healthOf('830041')).toBe(true);
    const life = await db
      .selectFrom('linesOfAuthority')
      .select(['health', 'setBy'])
      .where('name', '=', 'life')
      .execute();
    expect(life).toEqual([{ health: true, setBy: 'ada' }]);
    expect(await drainWoken()).toEqual([]);
  });

  test('wakes the agents a changed row concerns: a line of authority, a marketplace of the plan year', async () => {
    await agent('830051', 'TX', 'Health');
    await agent('830052', 'UT', 'Life');
    // as if an earlier release of the files differed
    await db.updateTable('linesOfAuthority').set({ health: true }).where('name', '=', 'life').execute();
    await asOwner(
      database,
      `update marketplaces set kind = 'SBM' where state = 'TX' and plan_year = 2027; delete from reference_files`,
    );
    const client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    await client.query('begin');
    await loadReferenceData(client);
    await client.query('commit');
    await client.end();
    expect(await drainWoken()).toEqual(['830051', '830052']);
    expect(await healthOf('830052')).toBe(false);
  });
});
