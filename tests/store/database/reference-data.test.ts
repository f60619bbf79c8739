import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isServed, marketplaceOf } from '../../../domain/onboarding/marketplaces.ts';
import { createDatabase } from '../../../runtime/database.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import { readMarketplaces } from '../../../store/feeds/evidence.ts';
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

/** HealthCare.gov's states of plan year 2026, as published. */
const onHealthCareGov =
  'AL AK AZ AR DE FL HI IN IA KS LA MI MS MO MT NE NH NC ND OH OK OR SC SD TN TX UT WV WI WY'.split(' ');

async function kindsOn(planYear: number, on: string): Promise<Map<string, string>> {
  const rows = await readMarketplaces(db, planYear);
  const states = [...new Set(rows.map(({ state }) => state))];
  return new Map(
    states.map((state) => [state, marketplaceOf(rows, { state, planYear, on })?.kind ?? 'unknown']),
  );
}

const statesOf = (kinds: Map<string, string>, wanted: string) =>
  [...kinds]
    .filter(([, kind]) => kind === wanted)
    .map(([state]) => state)
    .toSorted();

describe('the marketplaces', () => {
  test.each([
    [2026, '2026-01-15'],
    [2026, '2026-11-23'],
    [2027, '2026-11-23'],
    [2027, '2027-12-31'],
  ])('of %i on %s are those of 50 states and the District of Columbia', async (planYear, on) => {
    const kinds = await kindsOn(planYear, on);
    expect(kinds.size).toBe(51);
    expect(statesOf(kinds, 'unknown')).toEqual([]);
  });

  test('of 2026: 30 states on HealthCare.gov, Arkansas and Oregon on their own account, Oklahoma from May', async () => {
    const april = await kindsOn(2026, '2026-04-30');
    const may = await kindsOn(2026, '2026-05-01');
    expect(statesOf(april, 'SBM-FP')).toEqual(['AR', 'OR']);
    expect(statesOf(may, 'SBM-FP')).toEqual(['AR', 'OK', 'OR']);
    for (const kinds of [april, may]) {
      const served = [...statesOf(kinds, 'FFM'), ...statesOf(kinds, 'SBM-FP')];
      expect(served.toSorted()).toEqual(onHealthCareGov.toSorted());
    }
  });

  test('of 2027: the same less Oregon, which runs its own', async () => {
    const kinds = await kindsOn(2027, '2026-11-23');
    expect(statesOf(kinds, 'SBM-FP')).toEqual(['AR', 'OK']);
    expect(kinds.get('OR')).toBe('SBM');
    const served = [...statesOf(kinds, 'FFM'), ...statesOf(kinds, 'SBM-FP')];
    expect(served.toSorted()).toEqual(onHealthCareGov.filter((state) => state !== 'OR').toSorted());
  });

  test('that are not served here say where to go instead', async () => {
    const rows = await readMarketplaces(db, 2027);
    const others = rows.filter((row) => !isServed(row));
    expect(others).toHaveLength(22);
    for (const { name, url, phone } of others) {
      expect(name).not.toBe('HealthCare.gov');
      expect(new URL(url).protocol).toBe('https:');
      expect(phone).toMatch(/^1-\d{3}-\d{3}-\d{4}$/);
    }
  });
});

const isHealth = async (name: string) =>
  (
    await db
      .selectFrom('linesOfAuthority')
      .select('health')
      .where('state', '=', '*')
      .where('name', '=', name)
      .executeTakeFirst()
  )?.health;

describe('lines of authority', () => {
  test.each([
    'health',
    'accident and health or sickness',
    'accident, health and sickness',
    'life, accident and health',
  ])('%s is about health', async (name) => {
    expect(await isHealth(name)).toBe(true);
  });

  test.each(['life', 'property', 'casualty'])('%s is not', async (name) => {
    expect(await isHealth(name)).toBe(false);
  });

  test('are stored in lower case and with “and”, as they are looked up', async () => {
    const rows = await db.selectFrom('linesOfAuthority').select('name').execute();
    for (const { name } of rows)
      expect(name).toBe(
        name
          .toLowerCase()
          .trim()
          .replace(/ & |, and /, ' and '),
      );
  });
});

describe('documents', () => {
  test('are stored with the hash of their exact text, both sets of terms among them', async () => {
    const terms = await db.selectFrom('termsDocuments').selectAll().execute();
    const consents = await db.selectFrom('consentDocuments').selectAll().execute();
    expect(terms.map(({ kind, version }) => `${kind} ${version}`).toSorted()).toEqual([
      'agents-and-brokers-terms-of-use 2027-1',
      'terms-of-use 2027-1',
    ]);
    expect(
      consents.map(({ kind, version, language }) => `${kind} ${version} ${language}`).toSorted(),
    ).toEqual([
      'intake 2027-1 en',
      'intake 2027-1 es',
      'intake 2027-2 en',
      'intake 2027-2 es',
      'intake 2027-3 en',
      'intake 2027-3 es',
      'texts 2027-1 en',
      'texts 2027-1 es',
    ]);
    for (const { sha256, text } of [...terms, ...consents]) {
      expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
      expect(text.length).toBeGreaterThan(200);
    }
  });

  test('of consent say which data they are about, what for, and for how long at the most', async () => {
    const limits = await db
      .selectFrom('consentDocuments')
      .select(['kind', 'version', 'scope', 'purpose', 'durationDays'])
      .distinct()
      .orderBy('kind')
      .orderBy('version')
      .execute();
    // the words in every language have the same limits
    const intake = { scope: ['name', 'phone', 'email'], purpose: 'contact-about-request' };
    const texts = { scope: ['phone'], purpose: 'texts-about-request' };
    expect(limits).toEqual([
      { kind: 'intake', version: '2027-1', ...intake, durationDays: 30 },
      // a referral that is deferred for 120 days can still be reported 30 days later
      { kind: 'intake', version: '2027-2', ...intake, durationDays: 180 },
      { kind: 'intake', version: '2027-3', ...intake, durationDays: 180 },
      { kind: 'texts', version: '2027-1', ...texts, durationDays: null },
    ]);
  });
});

test('every ZIP is in a state that has a marketplace, or in a territory or the armed forces', async () => {
  const elsewhere = ['AA', 'AE', 'AP', 'AS', 'FM', 'GU', 'MH', 'MP', 'PR', 'PW', 'VI'];
  const rows = await db
    .selectFrom('zips')
    .select('state')
    .distinct()
    .where('state', 'not in', db.selectFrom('marketplaces').select('state').where('planYear', '=', 2027))
    .execute();
  expect(elsewhere).toEqual(expect.arrayContaining(rows.map(({ state }) => state)));
});
