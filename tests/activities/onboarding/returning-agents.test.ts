import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFacts } from '../../../store/onboarding/facts.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Creates an agent who registered for plan year 2026 and has completed the training for 2027. */
async function returning() {
  const { npn } = await seedAgent(harness.db, { planYear: 2026, at: after(-hours(24 * 200)) });
  const key = await seedAgent(harness.db, { npn, planYear: 2027, stage: 'unreviewed' });
  return { ...key, at: textAfter(0) };
}

/** Kinds of the notices to the agent under the new plan year. */
const noticeKinds = async () => {
  const rows = await harness.db.selectFrom('notices').select('kind').where('planYear', '=', 2027).execute();
  return rows.map(({ kind }) => kind);
};
const all = async () => ({
  invitations: await harness.db.selectFrom('invitations').select('id').execute(),
  accounts: await harness.db.selectFrom('accounts').select('username').where('role', '=', 'agent').execute(),
});

describe('an agent who was invited for an earlier plan year and never registered', () => {
  test.each(['expired', 'replaced'] as const)(
    'is new, and is invited for the next; the link had %s',
    async (endedAs) => {
      const { npn } = await seedAgent(harness.db, {
        planYear: 2026,
        stage: 'invited',
        at: after(-hours(24 * 200)),
      });
      await harness.db
        .updateTable('invitations')
        .set({ endedAs, endedAt: after(-hours(24 * 198)) })
        .execute();
      const key = await seedAgent(harness.db, { npn, planYear: 2027, stage: 'unreviewed' });
      const input = { ...key, at: textAfter(0) };
      expect(await harness.activities.reviewOnboarding(input)).toMatchObject({ pendingStep: 'invite' });
      expect(await harness.activities.inviteAgent(input)).toMatchObject({ stage: 'invited' });
      await harness.activities.inviteAgent(input);
      expect(await noticeKinds()).toEqual(['invitation']);
      // a link of this year that expires is replaced only when the agent asks
      expect(await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(48)) })).toMatchObject({
        stage: 'invitation-expired',
        pendingStep: undefined,
      });
    },
  );

  test('counts as new also while the expired link is not recorded as ended', async () => {
    const { npn } = await seedAgent(harness.db, {
      planYear: 2026,
      stage: 'invited',
      at: after(-hours(24 * 200)),
    });
    const key = await seedAgent(harness.db, { npn, planYear: 2027, stage: 'unreviewed' });
    await harness.db
      .updateTable('onboardings')
      .set({ eligibleAt: after(0) })
      .where('planYear', '=', 2027)
      .execute();
    const invitationFor = async (planYear: number) =>
      (await readFacts(harness.db, { ...key, planYear }))?.facts.invitation;
    expect(await invitationFor(2027)).toBeUndefined();
    expect(await invitationFor(2026)).toBeDefined();
  });
});

describe('an agent who comes back for another plan year', () => {
  test('gets no new registration email, keeps the log-in, and reads that referrals come again', async () => {
    const input = await returning();
    const { accounts } = await all();
    expect(await harness.activities.reviewOnboarding(input)).toMatchObject({
      stage: 'active',
      states: ['TX'],
    });
    await harness.activities.inviteAgent(input);
    expect(await noticeKinds()).toEqual(['active-again']);
    expect(await all()).toEqual({ invitations: [], accounts });
  });

  test('after having left is welcome again, unless recorded as dead', async () => {
    const { npn, at, planYear } = await returning();
    const leave = (leftBecause: string) =>
      harness.db
        .updateTable('agents')
        .set({ leftAt: after(-hours(24)), leftBecause, leftBy: 'ops' })
        .where('npn', '=', npn)
        .execute();
    await leave('agent');
    const key = { npn, planYear, at };
    expect(await harness.activities.reviewOnboarding(key)).toMatchObject({ stage: 'active' });
    // the onboarding that the agent left closes first, and then this year's is reviewed again
    expect(await harness.activities.reviewOnboarding({ ...key, planYear: 2026 })).toMatchObject({
      stage: 'left',
    });
    await harness.activities.reviewOnboarding(key);
    expect((await seedOffer(harness, { at: after(minutes(1)) })).npn).toBe(npn);
    await leave('death');
    expect(await harness.activities.reviewOnboarding(key)).toMatchObject({ stage: 'left' });
  });

  test('is asked only for the terms of which there is a new version', async () => {
    const input = await returning();
    const kind = 'agents-and-brokers-terms-of-use';
    await asOwner(harness, `delete from terms_acceptances where kind = '${kind}'`);
    expect(await harness.activities.reviewOnboarding(input)).toMatchObject({
      stage: 'awaiting-terms',
      causes: [kind],
    });
    const later = { ...input, at: textAfter(minutes(1)) };
    expect(await harness.activities.inviteAgent(later)).toMatchObject({ stage: 'awaiting-terms' });
    expect(await noticeKinds()).toEqual(['terms-needed']);
    expect((await all()).invitations).toEqual([]);
  });
});
