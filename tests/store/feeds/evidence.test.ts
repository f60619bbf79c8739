import { expect, test } from '@jest/globals';
import { createDatabase } from '../../../runtime/database.ts';
import type { DB } from '../../../store/database/schema.ts';
import { evidenceKey, readEvidence, readEvidenceOfMany } from '../../../store/feeds/evidence.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { createTestDatabase } from '../../harness/servers/postgres.ts';

test('evidence of many agents is each agent’s own, also where there is none', async () => {
  const database = await createTestDatabase();
  const db = createDatabase<DB>(database.url);
  try {
    await seedEvidence(db, { npn: '810001', planYear: 2027, states: ['TX', 'UT'] });
    await seedEvidence(db, { npn: '810002', planYear: 2026, states: ['FL'] });
    const keys = [
      { npn: '810001', planYear: 2027 },
      { npn: '810002', planYear: 2026 },
      { npn: '810002', planYear: 2027 },
      { npn: '810003', planYear: 2027 },
    ];
    const many = await readEvidenceOfMany(db, keys);
    for (const key of keys) expect(many.get(evidenceKey(key))).toEqual(await readEvidence(db, key));
    expect(many.get('810001 2027')?.licenses.map((row) => row.state)).toEqual(['TX', 'UT']);
    // a license belongs to no plan year, a registration does
    expect(many.get('810002 2027')).toMatchObject({ registration: undefined, licenses: [{ state: 'FL' }] });
    expect(many.get('810003 2027')).toEqual({ terminations: [], licenses: [] });
    expect(await readEvidenceOfMany(db, [])).toEqual(new Map());
  } finally {
    await db.destroy();
    await database.drop();
  }
});
