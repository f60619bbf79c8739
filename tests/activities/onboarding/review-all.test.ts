import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createReviewActivities, type ReviewAllResult } from '../../../activities/onboarding/review-all.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const warnings: object[] = [];
const log = { warn: (values: object) => void warnings.push(values) };

type Progress = ReviewAllResult & { after?: { npn: string; planYear: number } };

interface Run {
  from?: Progress;
  untilPage?: number;
  rules?: string;
  /** Hours after Monday morning. */
  hour?: number;
  warn?: (values: object) => void;
}

/** Runs the review in pages of two, from the start or from another worker's heartbeat. */
async function review({ from, untilPage, rules = 'rules 1', hour = 1, warn = log.warn }: Run = {}) {
  const worker = new MockActivityEnvironment(from ? { heartbeatDetails: from } : {});
  const heartbeats: Progress[] = [];
  worker.on('heartbeat', (progress: Progress) => {
    heartbeats.push(progress);
    if (heartbeats.length === untilPage) worker.cancel();
  });
  const { reviewAll } = createReviewActivities({
    db: harness.db,
    policy: aPolicy(),
    log: { warn },
    rules,
    pageSize: 2,
  });
  const done = await worker.run(reviewAll, { at: textAfter(hours(hour)) }).catch(() => undefined);
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

test('an invitation that waits its turn wakes nobody; one that was asked for does', async () => {
  const invitedAt = textAfter(0);
  for (const npn of ['2001', '2002']) await seedAgent(harness.db, { npn, stage: 'awaiting-eligibility' });
  await harness.activities.inviteAgent({ npn: '2002', planYear: 2027, at: invitedAt });
  for (const npn of ['2001', '2002'])
    await harness.activities.reviewOnboarding({ npn, planYear: 2027, at: invitedAt });
  await harness.db
    .updateTable('onboardings')
    .set({ invitationRequestedAt: after(1) })
    .execute();
  await harness.drainOutbox();
  expect((await review()).done).toEqual({ reviewed: 2, woken: 1 });
  expect(await woken()).toEqual(['2002']);
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

/** Five agents in the groups that the second run after `review()` does not reach, one of whom lost every license. */
async function oneChangedOfFive() {
  for (const ending of ['91', '92', '93', '94', '95']) await seedAgent(harness.db, { npn: `20${ending}` });
  await harness.drainOutbox();
  await review();
  // the evidence changed without an import
  await seedEvidence(harness.db, { npn: '2093', planYear: 2027, states: [] });
  await harness.drainOutbox();
}

test('a run looks at a part of the agents, and twenty runs at all of them', async () => {
  await oneChangedOfFive();
  const reviewed: (number | undefined)[] = [];
  for (let hour = 2; hour < 22; hour += 1) {
    const { done } = await review({ hour });
    reviewed.push((done as ReviewAllResult | undefined)?.reviewed);
  }
  expect(reviewed).toEqual([...Array.from({ length: 18 }, () => 0), 4, 1]);
  expect(await woken()).toEqual(['2093']);
});

test('a rule that changed with a release reaches all agents in the next run, and once', async () => {
  await oneChangedOfFive();
  expect((await review()).done).toEqual({ reviewed: 0, woken: 0 });
  expect((await review({ rules: 'rules 2' })).done).toEqual({ reviewed: 5, woken: 1 });
  expect((await review({ rules: 'rules 2' })).done).toEqual({ reviewed: 0, woken: 0 });
});

test('an attempt that goes on by other rules begins anew', async () => {
  const [first] = await fiveActiveAgents();
  const { heartbeats } = await review({ untilPage: 1 });
  await seedEvidence(harness.db, { npn: `${first}`, planYear: 2027, states: [] });
  await harness.drainOutbox();
  const second = await review({ from: heartbeats[0] as Progress, rules: 'rules 2' });
  expect(second.done).toEqual({ reviewed: 5, woken: 1 });
});

test('an onboarding that missed its instant is woken by the next run, whichever part is its turn', async () => {
  await oneChangedOfFive();
  const missed = new Date('2026-11-01T00:00:00Z');
  await harness.db
    .updateTable('onboardings')
    .set({ nextChangeAt: missed })
    .where('npn', '=', '2095')
    .execute();
  expect((await review()).done).toEqual({ reviewed: 1, woken: 1 });
  expect(await woken()).toEqual(['2095']);
});

test('an onboarding whose wake waits in the outbox is not compared, and not woken again', async () => {
  await fiveActiveAgents();
  await seedEvidence(harness.db, { npn: '2002', planYear: 2027, states: [] });
  await harness.drainOutbox();
  await review();
  expect((await review({ rules: 'rules 2' })).done).toEqual({ reviewed: 4, woken: 0 });
  expect(await woken()).toEqual(['2002']);
});

test('other work of the worker has its turn between two onboardings', async () => {
  await fiveActiveAgents();
  // facts that cannot be evaluated are logged, one onboarding at a time
  await sql`update registration_completions set ends_on = 'infinity'`.execute(harness.db);
  let turns = 0;
  let isOver = false;
  const countTurn = () => {
    turns += 1;
    if (!isOver) setImmediate(countTurn);
  };
  countTurn();
  const turnsOfWarnings: number[] = [];
  await review({ warn: () => void turnsOfWarnings.push(turns) });
  isOver = true;
  expect(turnsOfWarnings).toHaveLength(5);
  expect(new Set(turnsOfWarnings).size).toBe(5);
});
