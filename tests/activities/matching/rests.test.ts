import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addAbsence, changeAvailability } from '../../../store/agents/availability.ts';
import { confirmHours, readRestOf } from '../../../store/agents/rests.ts';
import { readLinkedOffer } from '../../../store/referrals/offers/agent-views.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer, seedReferral, setDeliveryStatus } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
let npn: string;
beforeEach(async () => {
  harness = await openActivityHarness();
  ({ npn } = await seedAgent(harness.db));
});
afterEach(() => harness.close());

const limits = aPolicy();

/** Offers a referral that arrives and that the agent never looks at. @param number of quarters of an hour from now */
async function leaveUnseen(number: number, status = 'delivered') {
  const at = after(minutes(15 * number));
  const offer = await seedOffer(harness, { at });
  await setDeliveryStatus(harness.db, offer.offerId, status);
  const end = { end: 'expired', by: 'clock', at: textAfter(minutes(15 * number + 15)) } as const;
  return { ...offer, ended: await harness.activities.endOffer({ ...offer, ...end }) };
}

async function leaveThreeUnseen() {
  await leaveUnseen(0);
  await leaveUnseen(1);
  return leaveUnseen(2);
}

const eventsOf = async () =>
  (await harness.events({ kind: 'onboarding', npn, planYear: 2027 })).map(({ kind }) => kind);
const matchAt = async (ms: number) =>
  harness.activities.matchReferral({
    woken: false,
    referralId: await seedReferral(harness.db),
    at: textAfter(ms),
  });

describe('an agent who left the last three offers unseen', () => {
  test('is asked by mail whether the hours hold, with the referral, and is offered nothing', async () => {
    const { referralId, ended } = await leaveThreeUnseen();
    expect(ended.notices.filter(({ kind }) => kind === 'hours-question')).toMatchObject([
      { channels: ['email'] },
    ]);
    expect(await readRestOf(harness.db, npn)).toMatchObject({ beganAt: after(minutes(45)), unseenOffers: 3 });
    const began = (await harness.events({ kind: 'referral', referralId })).at(-1);
    expect(began).toMatchObject({ kind: 'rest-began', data: { npn, unseenOffers: 3 } });
    expect(await matchAt(minutes(50))).toMatchObject({ found: 'not-now', causes: ['nobody-available'] });
  });

  test('is offered referrals again once they say that the hours hold; those that wait are woken', async () => {
    await leaveThreeUnseen();
    const referralId = await seedReferral(harness.db);
    await harness.activities.matchReferral({ woken: false, referralId, at: textAfter(minutes(50)) });
    await harness.drainOutbox();
    const confirm = () =>
      harness.db.transaction().execute((tx) => confirmHours(tx, { npn, at: after(minutes(60)), limits }));
    await confirm();
    await confirm();
    expect(await harness.drainOutbox()).toEqual([{ type: 'wake-referral', payload: { referralId } }]);
    expect((await eventsOf()).filter((kind) => kind === 'rest-ended')).toHaveLength(1);
    expect(
      await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(minutes(61)) }),
    ).toMatchObject({ found: 'offer', offer: { npn } });
  });

  test.each<[string, object]>([
    ['saves other hours', { hours: { monday: [{ from: '08:00', until: '22:00' }] } }],
    ['saves the same hours', { hours: {} }],
    ['uses the switch', { override: { is: 'on', untilAt: null } }],
  ])('is offered referrals again once they answer otherwise: %s', async (_, change) => {
    await leaveThreeUnseen();
    const about = { npn, at: after(minutes(60)), limits };
    await harness.db.transaction().execute((tx) => changeAvailability(tx, about, change));
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
    expect(await matchAt(minutes(61))).toMatchObject({ found: 'offer' });
    expect(await eventsOf()).toContain('rest-ended');
  });

  test('has answered too with an absence, and is away then', async () => {
    await leaveThreeUnseen();
    const about = { npn, at: after(minutes(60)), limits };
    const dates = { from: '2026-11-23', until: '2026-11-24' };
    await harness.db.transaction().execute((tx) => addAbsence(tx, about, dates));
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
    expect(await matchAt(minutes(61))).toMatchObject({ found: 'not-now' });
  });

  test('rests once, and after an answer only after three more', async () => {
    await leaveThreeUnseen();
    await harness.db.transaction().execute((tx) => confirmHours(tx, { npn, at: after(minutes(45)), limits }));
    await leaveUnseen(4);
    await leaveUnseen(5);
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
    await leaveUnseen(6);
    expect(await readRestOf(harness.db, npn)).toMatchObject({ beganAt: after(minutes(105)) });
    expect((await harness.notices({ npn })).filter((kind) => kind === 'hours-question')).toHaveLength(2);
  });
});

/** Leaves two offers unseen, and a third beside another agent, who accepts it some minutes after that. */
async function loseThird(minutesAfter: number) {
  const offerOverlap = { afterMs: minutes(4), atOnce: 2, late: { atOnce: 2, lastMs: 0 } };
  harness.activities = activitiesOn(harness.db, aPolicy({ offerOverlap }));
  await leaveUnseen(0);
  await leaveUnseen(1);
  const other = await seedAgent(harness.db);
  const first = await seedOffer(harness, { at: after(minutes(30)) });
  expect(first.npn).toBe(other.npn);
  const beside = { woken: false, referralId: first.referralId, at: textAfter(minutes(34)) };
  const match = await harness.activities.matchReferral(beside);
  expect(match).toMatchObject({ offer: { npn } });
  if (match.found === 'offer') await setDeliveryStatus(harness.db, match.offer.offerId, 'delivered');
  await harness.activities.acceptOffer({ ...first, at: textAfter(minutes(34 + minutesAfter)) });
  const lost = harness.db.selectFrom('offers').select('endedAs').where('referralId', '=', first.referralId);
  expect(await lost.where('npn', '=', npn).executeTakeFirst()).toEqual({ endedAs: 'taken' });
}

describe('an offer that another agent took', () => {
  test('soon does not break the row of unseen ones', async () => {
    await loseThird(1);
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
    expect(await leaveUnseen(3)).toMatchObject({ npn });
    expect(await readRestOf(harness.db, npn)).toMatchObject({ unseenOffers: 3 });
  });

  test('after a third of its time is one of them', async () => {
    await loseThird(5);
    expect(await readRestOf(harness.db, npn)).toMatchObject({ unseenOffers: 3, beganAt: after(minutes(39)) });
  });
});

describe('does not rest:', () => {
  test('an agent whom an offer never reached', async () => {
    await leaveUnseen(0);
    await leaveUnseen(1, 'refused');
    await leaveUnseen(2);
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
  });

  test('one who could not be asked, because mail to them came back', async () => {
    await harness.db
      .updateTable('agents')
      .set({ contactPreference: 'email-text', emailUndeliverableAt: after(0) })
      .execute();
    const { referralId } = await leaveThreeUnseen();
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
    expect(await harness.notices({ npn })).not.toContain('hours-question');
    const events = await harness.events({ kind: 'referral', referralId });
    expect(events.map(({ kind }) => kind)).not.toContain('rest-began');
  });

  test('one who has opened a link', async () => {
    await leaveUnseen(0);
    await leaveUnseen(1);
    const offer = await seedOffer(harness, { at: after(minutes(30)) });
    await setDeliveryStatus(harness.db, offer.offerId, 'delivered');
    await readLinkedOffer(harness.db, { id: offer.offerId, at: after(minutes(31)) });
    const end = { end: 'expired', by: 'clock', at: textAfter(minutes(45)) } as const;
    await harness.activities.endOffer({ ...offer, ...end });
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
  });

  test('anybody, where the policy says so', async () => {
    harness.activities = activitiesOn(harness.db, aPolicy({ restAfterUnseen: 0 }));
    await leaveThreeUnseen();
    expect(await readRestOf(harness.db, npn)).toBeUndefined();
  });
});

test('an acceptance that arrives as the rest begins ends it', async () => {
  harness.activities = activitiesOn(harness.db, aPolicy({ openOffersPerAgent: 2 }));
  const taken = await seedOffer(harness, { at: after(0) });
  for (const minute of [1, 2, 3]) {
    const offer = await seedOffer(harness, { at: after(minutes(minute)) });
    await setDeliveryStatus(harness.db, offer.offerId, 'delivered');
    const end = { end: 'expired', by: 'clock', at: textAfter(minutes(minute + 15)) } as const;
    await harness.activities.endOffer({ ...offer, ...end });
  }
  expect(await readRestOf(harness.db, npn)).toBeDefined();
  const accepted = await harness.activities.acceptOffer({ ...taken, at: textAfter(minutes(14)) });
  expect(accepted.stage).toBe('accepted');
  expect(await readRestOf(harness.db, npn)).toBeUndefined();
  const agent = harness.db.selectFrom('agents').select('restingSince').where('npn', '=', npn);
  expect(await agent.executeTakeFirst()).toEqual({ restingSince: null });
});
