import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createReviewActivities, type ReviewAllResult } from '../../../activities/onboarding/review-all.ts';
import {
  type ActivityHarness,
  aPolicy,
  hours,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedEvidence } from '../../harness/evidence-fixtures.ts';
import { seedAgent } from '../../harness/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const warnings: object[] = [];
const log = { warn: (values: object) => void warnings.push(values) };

type Progress = ReviewAllResult & { after?: { npn: string; planYear: number } };

/** Runs the review in pages of two, from the start or from another worker's heartbeat. */
async function review({ from, untilPage }: { from?: Progress; untilPage?: number } = {}) {
  const worker = new MockActivityEnvironment(from ? { heartbeatDetails: from } : {});
  const heartbeats: Progress[] = [];
  worker.on('heartbeat', (progress: Progress) => {
    heartbeats.push(progress);
    if (heartbeats.length === untilPage) worker.cancel();
  });
  const { reviewAll } = createReviewActivities({ db: harness.db, policy: aPolicy(), log, pageSize: 2 });
  const done = await worker.run(reviewAll, { at: textAfter(hours(1)) }).catch(() => undefined);
  return { done, heartbeats };
}

const woken = async () =>
  (await harness.drainOutbox()).flatMap(({ type, payload }) =>
    type === 'wake-onboarding' ? [(payload as { npn: string }).npn] : [],
  );

async function fiveActiveAgents(): Promise<string[]> {
  const npns = ['2001', '2002', '2003', '2004', '2005'];
  for (const npn of npns) await seedAgent(harness.db, { npn });
  await harness.drainOutbox();
  return npns;
}

test('nobody is woken while every row says what the facts say', async () => {
  await fiveActiveAgents();
  expect((await review()).done).toEqual({ reviewed: 5, woken: 0 });
  expect(await woken()).toEqual([]);
});

test('an agent whose standing differs from the row is woken, and nobody else', async () => {
  await fiveActiveAgents();
  // the evidence changed without an import
  await seedEvidence(harness.db, { npn: '2002', planYear: 2027, states: ['TX', 'FL'] });
  await seedEvidence(harness.db, { npn: '2004', planYear: 2027, states: [] });
  await harness.drainOutbox();
  expect((await review()).done).toEqual({ reviewed: 5, woken: 2 });
  expect(await woken()).toEqual(['2002', '2004']);
});

test('an onboarding that missed its instant is woken', async () => {
  await fiveActiveAgents();
  await harness.db
    .updateTable('onboardings')
    .set({ nextChangeAt: new Date('2026-11-01T00:00:00Z') })
    .where('npn', '=', '2003')
    .execute();
  await review();
  expect(await woken()).toEqual(['2003']);
});

test('a closed onboarding is left alone', async () => {
  await fiveActiveAgents();
  await harness.db
    .updateTable('onboardings')
    .set({ closedAt: new Date(), stage: 'lapsed', causes: ['expired'] })
    .where('npn', '=', '2001')
    .execute();
  expect((await review()).done).toEqual({ reviewed: 4, woken: 0 });
});

test('a review that was interrupted goes on after the last page', async () => {
  await fiveActiveAgents();
  await seedEvidence(harness.db, { npn: '2001', planYear: 2027, states: [] });
  await seedEvidence(harness.db, { npn: '2005', planYear: 2027, states: [] });
  await harness.drainOutbox();
  const first = await review({ untilPage: 1 });
  expect(first.done).toBeUndefined();
  expect(await woken()).toEqual(['2001']);
  const [from] = first.heartbeats;
  const second = await review({ from: from as Progress });
  expect(second.done).toEqual({ reviewed: 5, woken: 2 });
  expect(second.heartbeats).toHaveLength(2);
  expect(await woken()).toEqual(['2005']);
});
