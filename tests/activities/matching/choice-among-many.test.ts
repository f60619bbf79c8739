import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chooseAgent } from '../../../store/matching/candidates.ts';
import {
  type ActivityHarness,
  aPolicy,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { seedReferral } from '../../harness/people/fixtures.ts';
import { seedManyAgents } from '../../harness/people/many-agents.ts';
import { countRowsRead } from '../../harness/rows-read.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
  await seedManyAgents(harness, { count: 3000 });
});
afterAll(() => harness.close());

test('a choice among many reads the rows of few agents', async () => {
  const id = await seedReferral(harness.db);
  const austin = { lat: 30.2713, lon: -97.7426 };
  const referral = { id, state: 'TX', zip: '78701', language: 'en', interpreter: false, ...austin };
  const search = { at: monday, limits: aPolicy(), lockedInVain: [] };
  const read = await harness.db.transaction().execute((tx) =>
    countRowsRead(tx, 'agents', async () => {
      expect(await chooseAgent(tx, referral, search)).toMatchObject({ rung: 'near' });
    }),
  );
  expect(read).toBeLessThan(100);
});
