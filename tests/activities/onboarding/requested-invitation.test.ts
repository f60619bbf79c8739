import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestInvitation, sendInvitationByNpn } from '../../../store/onboarding/invitation-requests.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

test('an invitation says whether its agent asked for it, so that its mail does not wait with those of a feed', async () => {
  const { npn, planYear } = await seedAgent(harness.db, { stage: 'awaiting-eligibility' });
  const key = { npn, planYear };
  const first = await harness.activities.inviteAgent({ ...key, at: textAfter(0) });
  expect(first.notices).toEqual([expect.objectContaining({ kind: 'invitation' })]);
  expect(first.notices[0]).not.toHaveProperty('isRequested');

  const request = { ...key, at: after(hours(49)), by: 'agent', evenIfLive: false } as const;
  await harness.db.transaction().execute((tx) => requestInvitation(tx, request));
  const { notices } = await harness.activities.inviteAgent({ ...key, at: textAfter(hours(49) + minutes(1)) });
  expect(notices.map(({ kind, isRequested }) => [kind, isRequested])).toEqual([
    ['invitation', undefined],
    ['invitation', true],
  ]);

  const again = { npn, at: after(hours(50)) };
  expect(await harness.db.transaction().execute((tx) => sendInvitationByNpn(tx, again))).toBe(true);
  const state = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(51)) });
  expect(state.notices.map(({ isRequested }) => isRequested)).toEqual([undefined, true, true]);
});

test('an invitation to a corrected address counts as asked for', async () => {
  const { npn, planYear } = await seedAgent(harness.db, { stage: 'awaiting-eligibility' });
  const key = { npn, planYear };
  await harness.activities.inviteAgent({ ...key, at: textAfter(0) });
  await harness.db
    .updateTable('trainingCompletions')
    .set({ email: 'corrected@example.org' })
    .where('npn', '=', npn)
    .execute();
  const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(minutes(1)) });
  expect(review).toMatchObject({ pendingStep: 'invite', isInvitationRequested: true });
  const { notices } = await harness.activities.inviteAgent({ ...key, at: textAfter(minutes(2)) });
  expect(notices.at(-1)).toMatchObject({ kind: 'invitation', isRequested: true });
});
