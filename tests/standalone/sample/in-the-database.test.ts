import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Pool } from 'pg';
import { conditionNames, conditionsOn } from '../../../domain/onboarding/conditions.ts';
import { feedKinds } from '../../../domain/onboarding/evidence.ts';
import { createDatabase } from '../../../runtime/database.ts';
import { failingShares } from '../../../standalone/sample/agents.ts';
import { generateFeeds, type SampleFiles } from '../../../standalone/sample/generate.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import { readEvidence, readMarketplaces } from '../../../store/feeds/evidence.ts';
import { importFeed } from '../../../store/feeds/import/import-feed.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

const asOf = '2026-11-23';
const named = [
  {
    npn: '20000001',
    firstName: 'Nadia',
    lastName: 'Okafor',
    email: 'nadia@example.com',
    languages: ['English', 'Spanish'],
    states: ['TX', 'FL'],
    newToMarketplace: false,
  },
];

let database: TestDatabase;
let pool: Pool;
let db: Database;
let folder: string;
let files: SampleFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'));
  files = await generateFeeds({ directory: folder, seed: 3, agents: 2000, asOf, named });
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
  // a connection that is still closing may hear that its database is dropped
  pool.on('error', () => {});
  db = createDatabase<DB>(database.url);
});
afterAll(async () => {
  await db.destroy();
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function importAll() {
  const figures = [];
  for (const kind of feedKinds) {
    const source = createReadStream(files[kind].path);
    const about = {
      kind,
      origin: 'command' as const,
      source,
      maxRemovedShare: 0,
      maxBadShare: 0,
      receivedAt: new Date(),
    };
    const report = await importFeed({ pool, db, ...about });
    const { added, changed, removed, bad } = report;
    figures.push({ added, changed, removed, bad });
  }
  return figures;
}

/** Lists the conditions that an agent does not meet for a plan year. */
async function unmetOf(npn: string, planYear: number): Promise<string[]> {
  const evidence = await readEvidence(db, { npn, planYear });
  const marketplaces = await readMarketplaces(db, planYear);
  const conditions = conditionsOn(asOf, { planYear, evidence, marketplaces });
  return conditions.filter(({ met }) => !met).map(({ name }) => name);
}

describe('sample feeds in the database', () => {
  test('are imported whole: no row is bad, and the same files again change nothing', async () => {
    expect(await importAll()).toEqual(
      feedKinds.map((kind) => ({ added: files[kind].rows, changed: 0, removed: 0, bad: 0 })),
    );
    expect(await importAll()).toEqual(feedKinds.map(() => ({ added: 0, changed: 0, removed: 0, bad: 0 })));
  });

  test('keep the stated share of agents out by each condition, and let the bulk through', async () => {
    const { rows } = await pool.query<{ npn: string }>(
      'select npn from training_completions where plan_year = 2027',
    );
    const counts = new Map<string, number>();
    for (const { npn } of rows) {
      const unmet = await unmetOf(npn, 2027);
      for (const name of unmet) counts.set(name, (counts.get(name) ?? 0) + 1);
      const key = unmet.length === 0 ? 'none' : 'any';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const shareOf = (name: string) => (counts.get(name) ?? 0) / rows.length;
    expect(shareOf('none')).toBeGreaterThan(0.7);
    for (const name of conditionNames) {
      // one failure can cause another: no coursework without agreements
      expect(shareOf(name)).toBeGreaterThan(failingShares[name] / 2);
      expect(shareOf(name)).toBeLessThan(failingShares[name] * 2 + 0.03);
    }
  });

  test('let every named agent through, in both plan years', async () => {
    expect(await unmetOf('20000001', 2027)).toEqual([]);
    expect(await unmetOf('20000001', 2026)).toEqual([]);
  });
});
