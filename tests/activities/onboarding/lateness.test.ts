import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
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

/** End of the Wednesday two business days after the Monday on which every test begins. */
const wednesdayOver = new Date('2026-11-26T05:00:00.000Z');
const lateAt = async (npn: string) =>
  (
    await harness.db
      .selectFrom('onboardings')
      .select('lateAt')
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow()
  ).lateAt;
const trained = (day: string) => ({ marketplaceTrainedOn: day, courseworkCompletedOn: day });

describe('an invitation that does not come', () => {
  test('is late two business days after the training, is explained once, and comes when nothing is missing', async () => {
    const key = await seedAgent(harness.db, { stage: 'unreviewed', license: { active: false } });
    const before = { ...key, at: new Date(wednesdayOver.getTime() - 1).toISOString() };
    expect(await harness.activities.reviewOnboarding(before)).toMatchObject({
      causes: ['licensed-with-health-line'],
      pendingStep: undefined,
      nextChangeAt: wednesdayOver.toISOString(),
    });

    const late = { ...key, at: wednesdayOver.toISOString() };
    expect(await harness.activities.reviewOnboarding(late)).toMatchObject({
      stage: 'awaiting-eligibility',
      causes: ['licensed-with-health-line', 'late'],
      pendingStep: 'explain-delay',
    });
    const first = await harness.activities.explainDelay(late);
    expect(first.pendingStep).toBeUndefined();
    expect(await harness.activities.explainDelay(late)).toEqual(first);
    expect(await harness.notices()).toEqual(['invitation-late']);
    const { data } = await harness.db.selectFrom('notices').select('data').executeTakeFirstOrThrow();
    expect(data).toMatchObject({
      unmet: [{ name: 'licensed-with-health-line', because: 'license-inactive' }],
    });

    await seedEvidence(harness.db, key);
    const then = { ...key, at: new Date(wednesdayOver.getTime() + minutes(5)).toISOString() };
    expect(await harness.activities.inviteAgent(then)).toMatchObject({ stage: 'invited', causes: [] });
    expect(await harness.notices()).toEqual(['invitation-late', 'invitation']);
  });

  test('is not late once one has come: a condition that is lost later makes nobody late', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    expect(await lateAt(key.npn)).toEqual(wednesdayOver);
    await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(48)) });
    await seedEvidence(harness.db, { ...key, license: { active: false } });
    const inMarch = { ...key, at: textAfter(hours(24 * 110)) };
    expect(await harness.activities.reviewOnboarding(inMarch)).toMatchObject({
      stage: 'awaiting-eligibility',
      causes: ['licensed-with-health-line'],
      pendingStep: undefined,
    });
    await harness.activities.explainDelay(inMarch);
    expect(await harness.notices()).toEqual(['invitation']);
  });

  test('is never late before it could be known: the days count from when the feed brought the training', async () => {
    const early = await seedAgent(harness.db, {
      stage: 'awaiting-eligibility',
      training: trained('2026-10-01'),
      license: { active: false },
    });
    expect(await lateAt(early.npn)).toEqual(wednesdayOver);
    const ahead = await seedAgent(harness.db, {
      stage: 'awaiting-eligibility',
      training: trained('2026-11-24'),
    });
    expect(await lateAt(ahead.npn)).toEqual(new Date('2026-11-27T05:00:00.000Z'));
  });

  test('is not late while the training is not complete', async () => {
    const untrained = await seedAgent(harness.db, {
      stage: 'awaiting-eligibility',
      training: { courseworkCompletedOn: null },
    });
    expect(await lateAt(untrained.npn)).toBeNull();
  });

  test('is explained to an agent registered for an earlier plan year, and no invitation follows', async () => {
    const old = await seedAgent(harness.db, { planYear: 2026, at: after(-hours(24 * 200)) });
    const registration = { npnValid: 'N', npnValidKept: 'N' } as const;
    const key = await seedAgent(harness.db, { npn: old.npn, stage: 'unreviewed', registration });
    await harness.activities.reviewOnboarding({ ...key, at: textAfter(0) });
    const late = { ...key, at: wednesdayOver.toISOString() };
    expect(await harness.activities.reviewOnboarding(late)).toMatchObject({
      causes: ['npn-valid', 'late'],
      pendingStep: 'explain-delay',
    });
    await harness.activities.explainDelay(late);
    await seedEvidence(harness.db, key);
    const then = { ...key, at: new Date(wednesdayOver.getTime() + minutes(5)).toISOString() };
    expect(await harness.activities.reviewOnboarding(then)).toMatchObject({ stage: 'active', causes: [] });
    expect(await harness.notices()).toEqual(['active', 'invitation-late', 'active-again']);
  });
});
