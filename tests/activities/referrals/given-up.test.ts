import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { type ActivityHarness, openActivityHarness, textAfter } from '../../harness/activity-harness.ts';
import { seedAgent, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

test('a look that the workflow task has given up reserves no offer, which nobody would follow', async () => {
  await seedAgent(harness.db);
  const referralId = await seedReferral(harness.db);
  const look = () => harness.activities.matchReferral({ referralId, at: textAfter(0), woken: false });
  const givenUp = { cancellationSignal: AbortSignal.abort() } as Context;
  await expect(asyncLocalStorage.run(givenUp, look)).rejects.toThrow('given it up');
  expect(await harness.db.selectFrom('offers').select('id').execute()).toEqual([]);
  expect(await look()).toMatchObject({ found: 'offer' });
});
