import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer, seedReferral, setDeliveryStatus } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.db.updateTable('agents').set({ leftAt: monday }).execute();
});

const runsOut = (referralId: string, expiresAt: Date) =>
  harness.db.updateTable('consents').set({ expiresAt }).where('referralId', '=', referralId).execute();

const rowOf = (id: string) =>
  harness.db.selectFrom('referrals').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const kindsOf = async (referralId: string) =>
  (await harness.events({ kind: 'referral', referralId })).map(({ kind, by }) => `${kind} by ${by}`);

describe('a consent that has run out', () => {
  test('ends a waiting request, which does not count as withdrawn; no wait goes beyond it', async () => {
    const referralId = await seedReferral(harness.db);
    await runsOut(referralId, after(minutes(2)));
    expect(
      await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) }),
    ).toMatchObject({
      found: 'not-now',
      recheckAt: textAfter(minutes(2)),
      waitingUntil: textAfter(minutes(2)),
    });
    const at = textAfter(minutes(2));
    expect(await harness.activities.matchReferral({ woken: true, referralId, at })).toMatchObject({
      found: 'over',
      because: 'consent-expired',
    });
    await harness.activities.closeReferral({ referralId, stage: 'unmatched', at });
    expect(await rowOf(referralId)).toMatchObject({
      stage: 'unmatched',
      causes: ['nobody-available', 'consent-expired'],
    });
    expect(await kindsOf(referralId)).toContain('consent-expired by clock');
    expect(await harness.notices({ referralId })).toContain('unmatched');
  });

  test.each([
    ['asked', false, 'expired'],
    ['about to call', true, 'silent'],
  ] as const)('ends the offer of an agent who was %s with that end', async (_agent, isAccepted, end) => {
    await seedAgent(harness.db);
    const { referralId, offerId } = await seedOffer(harness);
    await setDeliveryStatus(harness.db, offerId, 'delivered');
    if (isAccepted) await harness.activities.acceptOffer({ referralId, offerId, at: textAfter(minutes(1)) });
    await runsOut(referralId, after(minutes(5)));
    const at = textAfter(minutes(70));
    expect(await harness.activities.matchReferral({ woken: true, referralId, at })).toMatchObject({
      because: 'consent-expired',
    });
    expect(await harness.activities.endOffer({ referralId, offerId, end, by: 'clock', at })).toMatchObject({
      end: 'consent-expired',
    });
    expect(await kindsOf(referralId)).toContain('offer-ended by clock');
  });

  test('takes nothing from an agent who has reached the consumer', async () => {
    await seedAgent(harness.db);
    const { referralId, offerId } = await seedOffer(harness);
    await harness.activities.acceptOffer({ referralId, offerId, at: textAfter(minutes(1)) });
    await harness.activities.recordOutcome({
      referralId,
      offerId,
      outcome: 'contacted',
      at: textAfter(minutes(2)),
    });
    await runsOut(referralId, after(minutes(5)));
    const at = textAfter(hours(24));
    expect(await harness.activities.matchReferral({ woken: true, referralId, at })).toMatchObject({
      found: 'offer',
      offer: { offerId, accepted: { phase: 'contacted' } },
    });
  });
});

describe('a service that never opens', () => {
  const closed = { firstOn: '2026-01-01', lastOn: '2099-12-31' };
  const never = aPolicy({ serviceCalendar: { hours: [], closedSeasons: [closed] } });

  test('asks nobody: a request waits, and has its whole time once the calendar is changed', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const looking = (at: string, policy = never) =>
      activitiesOn(harness.db, policy).matchReferral({ woken: true, referralId, at });
    for (const count of [0, 1, 30])
      expect(await looking(textAfter(hours(count)))).toMatchObject({
        found: 'not-now',
        causes: ['never-open'],
        recheckAt: textAfter(hours(count + 1)),
      });
    const opened = textAfter(hours(48));
    expect(await looking(opened, aPolicy())).toMatchObject({ found: 'offer' });
    expect((await rowOf(referralId)).budgetEndsAt).toEqual(after(hours(52)));
  });

  test('keeps a request no longer than its consent', async () => {
    const referralId = await seedReferral(harness.db, { policy: never });
    await runsOut(referralId, after(minutes(30)));
    const onNever = activitiesOn(harness.db, never);
    const first = await onNever.matchReferral({ woken: true, referralId, at: textAfter(0) });
    expect(first).toMatchObject({ found: 'not-now', recheckAt: textAfter(minutes(30)) });
    expect(
      await onNever.matchReferral({ woken: true, referralId, at: textAfter(minutes(30)) }),
    ).toMatchObject({
      found: 'over',
      because: 'consent-expired',
    });
  });
});
