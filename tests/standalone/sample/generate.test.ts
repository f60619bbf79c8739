import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type FeedKind, feedKinds } from '../../../domain/onboarding/evidence.ts';
import type { NamedAgent } from '../../../standalone/sample/agents.ts';
import { generateFeeds, type SampleOptions } from '../../../standalone/sample/generate.ts';
import { headers } from '../../store/feeds/files.ts';

type Row = Record<string, string>;
type Feeds = Record<FeedKind, Row[]>;

const asOf = '2026-11-23';
const named: NamedAgent[] = [
  {
    npn: '1000017',
    firstName: 'Nadia',
    lastName: 'Okafor',
    email: 'nadia@example.com',
    languages: ['English', 'Spanish'],
    states: ['TX', 'FL'],
    newToMarketplace: true,
  },
];

let folder: string;
let feeds: Feeds;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'));
  feeds = await generated({ seed: 1, agents: 3000, asOf, named });
});
afterAll(() => rm(folder, { recursive: true }));

async function generated(options: Omit<SampleOptions, 'directory'>): Promise<Feeds> {
  const files = await generateFeeds({ directory: folder, ...options });
  const read = async (kind: FeedKind) => {
    const rows = parse<Row>(await readFile(files[kind].path), { columns: true });
    expect(rows).toHaveLength(files[kind].rows);
    return [kind, rows] as const;
  };
  return Object.fromEntries(await Promise.all(feedKinds.map(read))) as Feeds;
}

const npnsOf = (rows: readonly Row[]) => new Set(rows.map((row) => String(row['NPN']).replace(/^0+/, '')));

describe('sample feeds', () => {
  test.each(feedKinds)('have the header of the source: %s', async (kind) => {
    const [header] = (await readFile(join(folder, `${kind}.csv`), 'utf8')).split('\n');
    expect(header).toBe(headers[kind]);
  });

  test('are the same for the same seed and day, and others for another seed', async () => {
    expect(await generated({ seed: 1, agents: 3000, asOf, named })).toEqual(feeds);
    const other = await generated({ seed: 2, agents: 3000, asOf, named });
    expect(other['training-completions'].slice(1, 50)).not.toEqual(
      feeds['training-completions'].slice(1, 50),
    );
  });

  test('name nobody: every email is under example.com or example.org and is one agent’s alone', () => {
    const emailOf = new Map(feeds['training-completions'].map((row) => [row['NPN'], row['Email'] ?? '']));
    for (const email of emailOf.values()) expect(email).toMatch(/^[a-z0-9.]+@example\.(com|org)$/);
    expect(new Set(emailOf.values()).size).toBe(emailOf.size);
  });

  test('have two plan years, flagged only for the later one, and nothing that happened later than their day', () => {
    const list = feeds['registration-completions'];
    expect(new Set(list.map((row) => row['Applicable Plan Year']))).toEqual(new Set(['2026', '2027']));
    for (const row of list) {
      expect(row['NPN Valid (Current Plan Year Only)'] === '-').toBe(row['Applicable Plan Year'] === '2026');
    }
    const past = [
      'Individual Registration Completion Date',
      'Help On Demand Coursework Date',
      'NIPR Validated Date',
    ];
    for (const row of [...list, ...feeds['training-completions']]) {
      for (const column of past) expect(isoOf(row[column] ?? '') <= asOf).toBe(true);
    }
  });

  test('have two plan years before training for the next one has begun, too', async () => {
    const spring = await generated({ seed: 1, agents: 50, asOf: '2027-03-10' });
    const years = new Set(spring['training-completions'].map((row) => row['Plan Year']));
    expect(years).toEqual(new Set(['2026', '2027']));
  });

  test('have the quirks of the sources', () => {
    const { licenses, terminations } = feeds;
    const list = feeds['registration-completions'];
    const trainings = feeds['training-completions'];

    expectSome(list, (row) => /^0+[1-9]/.test(row['NPN'] ?? ''));
    expectSome(
      list,
      (row) => row['Individual Registration Completion Date'] === '' && row['Shop End Date'] !== '',
    );
    expectSome(terminations, (row) => row['Marketplaces'] === 'SHOP');
    expectSome(terminations, (row) => (row['Status'] ?? '').startsWith('R'));
    expectSome(trainings, (row) => (row['Last Name'] ?? '').includes(', '));
    expectSome(trainings, (row) => (row['First Name'] ?? '').includes('"'));
    expectSome(trainings, (row) => (row['Languages'] ?? '').split(';').length > 2);
    expectSome(trainings, (row) => row['New To Marketplace'] === 'Y');
    expectSome(licenses, (row) => row['License Class'] === 'Business Entity');
    expectSome(licenses, (row) => row['Expiration Date'] === '');
    expectSome(licenses, (row) => row['License Status'] === 'Inactive');
    expectSome(
      licenses,
      (row) => row['Expiration Date'] !== '' && isoOf(row['Expiration Date'] ?? '') < asOf,
    );
    const lines = new Set(licenses.map((row) => row['Line Of Authority']));
    expect([...lines]).toEqual(expect.arrayContaining(['Health', 'Life', 'Accident, Health and Sickness']));
    const entities = npnsOf(licenses.filter((row) => row['License Class'] === 'Business Entity'));
    const trained = npnsOf(trainings);
    expect([...npnsOf(list)].some((npn) => entities.has(npn) && !trained.has(npn))).toBe(true);
  });

  test('begin with the named agents, who have their given data and meet every condition', () => {
    const [training] = feeds['training-completions'];
    expect(training).toMatchObject({
      NPN: '1000017',
      'First Name': 'Nadia',
      Email: 'nadia@example.com',
      Languages: 'English;Spanish',
      'States Wanted': 'TX;FL',
      'New To Marketplace': 'Y',
    });
    expect(Object.values(training ?? {})).not.toContain('');
    const [registration] = feeds['registration-completions'];
    expect(registration).toMatchObject({
      'Applicable Plan Year': '2027',
      'Individual Marketplace End Date': '12/31/2027',
    });
    expect([...npnsOf(feeds['training-completions'])].filter((npn) => npn === '1000017')).toHaveLength(1);
    const rows = feeds['training-completions'].filter((row) => row['NPN'] === '1000017');
    expect(rows).toHaveLength(1);
  });
});

function expectSome(rows: readonly Row[], found: (row: Row) => boolean): void {
  expect(rows.some(found)).toBe(true);
}

function isoOf(date: string): string {
  const [month, day, year] = date.split('/');
  return date === '' ? '' : `${year}-${month}-${day}`;
}
