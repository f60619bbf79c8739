import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refusalOf } from '../../../domain/failures.ts';
import { saveRegistrationRequest } from '../../../store/onboarding/registration-requests.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** The activities in a process whose clock shows this instant: the outage that their retries waited out is over. */
const activitiesAt = (ms: number) => activitiesOn(harness.db, aPolicy(), () => after(ms));
const invitationOf = (npn: string) =>
  harness.db.selectFrom('invitations').selectAll().where('npn', '=', npn).executeTakeFirstOrThrow();

async function submit(npn: string): Promise<string> {
  return saveRegistrationRequest(harness.db, {
    invitationId: (await invitationOf(npn)).id,
    username: 'ada.alder',
    passwordHash: '$argon2id$x',
    phone: '+15125550101',
    phoneLineType: 'mobile',
    contactPreference: 'email',
    zip: '78701',
    termsVersion: '2027-1',
    ipAddress: '192.0.2.7',
    userAgent: 'a browser',
    at: monday,
  });
}

test('an invitation that waited out an outage lives for 48 hours from its issue', async () => {
  const key = await seedAgent(harness.db, { stage: 'awaiting-eligibility' });
  const called = { ...key, at: textAfter(0) };
  const first = await activitiesAt(hours(6)).inviteAgent(called);
  expect(first).toMatchObject({ stage: 'invited', linkExpiresAt: textAfter(hours(54)) });
  expect(await activitiesAt(hours(7)).inviteAgent(called)).toEqual(first);
  expect(await invitationOf(key.npn)).toMatchObject({
    issuedAt: after(hours(6)),
    remindAt: after(hours(42)),
    expiresAt: after(hours(54)),
  });
});

test('a registration that was submitted in time is completed, however long an outage kept it', async () => {
  const key = await seedAgent(harness.db, { stage: 'invited' });
  const called = { ...key, registrationRequestId: await submit(key.npn), at: textAfter(hours(47)) };
  const first = await activitiesAt(hours(50)).completeRegistration(called);
  expect(first).toMatchObject({ stage: 'awaiting-terms' });
  expect(await activitiesAt(hours(51)).completeRegistration(called)).toEqual(first);
  expect(await invitationOf(key.npn)).toMatchObject({ endedAs: 'registered', endedAt: after(hours(47)) });
});

test('a registration that was submitted late is refused, whatever clock the worker has', async () => {
  const key = await seedAgent(harness.db, { stage: 'invited' });
  const called = { ...key, registrationRequestId: await submit(key.npn), at: textAfter(hours(48)) };
  const refusal = await activitiesAt(0).completeRegistration(called).catch(refusalOf);
  expect(refusal).toMatchObject({ type: 'invitation-expired' });
});

test('a review that waited out an outage ends the serving of an agent who lapsed meanwhile', async () => {
  const key = await seedAgent(harness.db);
  const { nextChangeAt = '' } = await harness.activities.reviewOnboarding({ ...key, at: textAfter(0) });
  const lapsesAt = Date.parse('2028-01-01T05:00:00Z') - monday.getTime();
  expect(Date.parse(nextChangeAt)).toBeLessThan(monday.getTime() + lapsesAt);
  const reviewed = await activitiesAt(lapsesAt).reviewOnboarding({ ...key, at: textAfter(0) });
  expect(reviewed).toMatchObject({ stage: 'lapsed', states: [] });
});
