import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainPage } from '../../worker/loops/explain-loop.ts';
import { type ActivityHarness, after, minutes, openActivityHarness } from '../harness/activity-harness.ts';
import { seedAgent, seedOffer } from '../harness/fixtures.ts';
import { neverStopping } from '../harness/never-stopping.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

test('a decision that cannot be explained stops no other, and is tried again in the next run', async () => {
  const warnings: { id: string }[] = [];
  const log = { warn: (values: object) => void warnings.push(values as { id: string }) };
  for (const _agent of [1, 2]) await seedAgent(harness.db);
  const [bad, good] = [await seedOffer(harness), await seedOffer(harness)];
  const ofBad = () => harness.db.updateTable('matchDecisions').where('referralId', '=', bad.referralId);
  const { limits } = await harness.db
    .selectFrom('matchDecisions')
    .select('limits')
    .where('referralId', '=', bad.referralId)
    .executeTakeFirstOrThrow();
  await ofBad()
    .set({ limits: JSON.stringify({ openOffersPerAgent: 'many' }) })
    .execute();
  const unexplained = async () =>
    (
      await harness.db
        .selectFrom('matchDecisions')
        .select('referralId')
        .where('explainedAt', 'is', null)
        .execute()
    ).map(({ referralId }) => referralId);
  expect((await unexplained()).toSorted()).toEqual([bad.referralId, good.referralId].toSorted());

  const page = { at: after(minutes(1)), stopping: neverStopping };
  const look = () => explainPage({ db: harness.db, log }, { ...page, failed: new Set() });
  expect(await look()).toEqual({ isFull: false });
  expect(await unexplained()).toEqual([bad.referralId]);
  expect(warnings).toHaveLength(1);

  await ofBad()
    .set({ limits: JSON.stringify(limits) })
    .execute();
  await look();
  expect(await unexplained()).toEqual([]);
});
