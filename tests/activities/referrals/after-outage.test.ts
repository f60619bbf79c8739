import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../domain/failures.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** The activities in a process whose clock shows this instant: the outage that their retries waited out is over. */
const activitiesAt = (ms: number) => activitiesOn(harness.db, aPolicy(), () => after(ms));
const offerRow = (id: string) =>
  harness.db.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const referralRow = (id: string) =>
  harness.db.selectFrom('referrals').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('a match that waited out an outage of 20 minutes', () => {
  test('reserves an offer with its whole window, and a repeat gets the same instants', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const called = { referralId, at: textAfter(0), woken: true };
    const first = await activitiesAt(minutes(20)).matchReferral(called);
    expect(first).toMatchObject({ found: 'offer', offer: { expiresAt: textAfter(minutes(35)) } });
    expect(await activitiesAt(minutes(25)).matchReferral(called)).toEqual(first);

    if (first.found !== 'offer') throw new Error('no offer');
    expect(await offerRow(first.offer.offerId)).toMatchObject({
      offeredAt: after(minutes(20)),
      expiresAt: after(minutes(35)),
    });
    expect(await referralRow(referralId)).toMatchObject({
      since: after(minutes(20)),
      waitingUntil: after(minutes(35)),
    });
  });

  test('asks nobody who may no longer help by then', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    await harness.db
      .updateTable('serving')
      .set({ untilAt: after(minutes(15)) })
      .execute();
    const called = { referralId, at: textAfter(0), woken: true };
    const recheckAt = textAfter(minutes(25));
    expect(await activitiesAt(minutes(20)).matchReferral(called)).toMatchObject({
      found: 'not-now',
      recheckAt,
    });
  });

  test('finds the time to look over, if it is', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const called = { referralId, at: textAfter(0), woken: true };
    expect(await activitiesAt(hours(5)).matchReferral(called)).toMatchObject({ found: 'over' });
  });
});

test('a clock that is behind the workflow’s shortens no window', async () => {
  await seedAgent(harness.db);
  const referralId = await seedReferral(harness.db);
  const called = { referralId, at: textAfter(minutes(2)), woken: true };
  expect(await activitiesAt(0).matchReferral(called)).toMatchObject({
    offer: { expiresAt: textAfter(minutes(17)) },
  });
});

test('an offer is not sent in the last tenth of its window', async () => {
  await seedAgent(harness.db);
  const { offerId } = await seedOffer(harness);
  const notice = harness.db.selectFrom('notices').select('untilAt').where('offerId', '=', offerId);
  expect(await notice.executeTakeFirst()).toEqual({ untilAt: after(minutes(13.5)) });
});

describe('an acceptance that waited out an outage', () => {
  test('was in time, and the 60 minutes to call begin when the agent is told', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const called = { ...offer, at: textAfter(minutes(10)) };
    const first = await activitiesAt(minutes(30)).acceptOffer(called);
    expect(first).toMatchObject({
      acceptedAt: textAfter(minutes(10)),
      contactDueAt: textAfter(minutes(90)),
      contactRemindAt: textAfter(minutes(60)),
      waitingUntil: textAfter(minutes(90)),
    });
    expect(await activitiesAt(minutes(40)).acceptOffer(called)).toEqual(first);
  });

  test('gives no contact away whose consent has run out meanwhile', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await harness.db
      .updateTable('consents')
      .set({ expiresAt: after(minutes(20)) })
      .execute();
    const called = { ...offer, at: textAfter(minutes(10)) };
    const refusal = await activitiesAt(minutes(30)).acceptOffer(called).catch(refusalOf);
    expect(refusal).toMatchObject({ type: 'offer-ended' });
  });
});

describe('an accepted offer after an outage', () => {
  let offer: Awaited<ReturnType<typeof seedOffer>>;
  beforeEach(async () => {
    await seedAgent(harness.db);
    offer = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...offer, at: textAfter(0) });
  });

  test('is not reminded of a call whose time is over', async () => {
    await activitiesAt(minutes(70)).remindOfContact({ ...offer, at: textAfter(minutes(30)) });
    expect(await harness.notices({ referralId: offer.referralId })).not.toContain('contact-reminder');
  });

  test('was in contact when the agent said so, and closes a whole window after it was recorded', async () => {
    const report = { ...offer, outcome: 'contacted' as const, at: textAfter(minutes(30)) };
    await activitiesAt(hours(3)).recordOutcome(report);
    await activitiesAt(hours(4)).recordOutcome(report);
    expect(await offerRow(offer.offerId)).toMatchObject({
      contactedAt: after(minutes(30)),
      closesAt: after(hours(3 + 30 * 24)),
    });
  });

  test('ended at its deadline, and the time to find another agent begins when that is recorded', async () => {
    const end = { ...offer, end: 'silent', by: 'clock', at: textAfter(minutes(75)) } as const;
    const first = await activitiesAt(minutes(80)).endOffer(end);
    expect(first).toMatchObject({ end: 'silent', endedAt: textAfter(minutes(60)) });
    expect(await activitiesAt(minutes(90)).endOffer(end)).toEqual(first);
    expect(await referralRow(offer.referralId)).toMatchObject({ budgetEndsAt: after(minutes(80 + 4 * 60)) });
  });
});
