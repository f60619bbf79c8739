import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readLinkedOffer, readUnansweredOffers } from '../../../store/referrals/offers/agent-views.ts';
import { enqueueOfferUnreachable } from '../../../store/referrals/offers/offers.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

type Offer = Awaited<ReturnType<typeof seedOffer>>;

/** Offers a referral to a new agent, whose first messages have arrived. */
async function offered(): Promise<Offer> {
  await seedAgent(harness.db);
  const offer = await seedOffer(harness);
  await setStatus(offer, 'delivered');
  return offer;
}

async function setStatus({ offerId }: Offer, status: string, kind = 'offer'): Promise<void> {
  const notices = harness.db.selectFrom('notices').select('id').where('offerId', '=', offerId);
  await harness.db
    .updateTable('deliveries')
    .set({ status })
    .where('noticeId', 'in', notices.where('kind', '=', kind))
    .execute();
}

const nudge = (offer: Offer, afterMs: number) =>
  harness.activities.nudgeAgent({ ...offer, at: textAfter(afterMs) });

/** The channel of each nudge of an offer, in order. */
async function nudgesOf({ offerId }: Offer): Promise<string[]> {
  const rows = await harness.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'noticeId', 'notices.id')
    .select('channel')
    .where('offerId', '=', offerId)
    .where('kind', '=', 'offer-nudge')
    .orderBy('createdAt')
    .execute();
  return rows.map(({ channel }) => channel);
}

const nudgeEvents = async ({ referralId }: Offer) =>
  (await harness.events({ kind: 'referral', referralId })).filter(({ kind }) => kind === 'offer-nudged');

describe('an agent who has neither answered nor looked', () => {
  test('is told again at a third and at two thirds, over another channel each time, once each', async () => {
    const offer = await offered();
    const first = await nudge(offer, minutes(5));
    expect(first).toMatchObject({ nudgeAt: textAfter(minutes(10)) });
    expect(first.notices).toContainEqual(
      expect.objectContaining({ kind: 'offer-nudge', channels: ['text'] }),
    );
    expect(await nudge(offer, minutes(5))).toEqual(first);
    await setStatus(offer, 'delivered', 'offer-nudge');
    const second = await nudge(offer, minutes(10));
    expect(second.nudgeAt).toBeUndefined();
    expect(await nudge(offer, minutes(11))).toEqual(second);
    expect(await nudgesOf(offer)).toEqual(['text', 'email']);
    expect((await nudgeEvents(offer)).map(({ data }) => data['channel'])).toEqual(['text', 'email']);
  });

  test('is told until the last tenth of the window begins', async () => {
    const offer = await offered();
    await nudge(offer, minutes(5));
    const untilAt = await harness.db
      .selectFrom('notices')
      .select('untilAt')
      .where('kind', '=', 'offer-nudge')
      .executeTakeFirst();
    expect(untilAt).toEqual({ untilAt: after(minutes(13.5)) });
  });

  test('is not told before the time, nor where the policy has none', async () => {
    const offer = await offered();
    expect(await nudge(offer, minutes(4))).toMatchObject({ nudgeAt: textAfter(minutes(5)) });
    harness.activities = activitiesOn(harness.db, aPolicy({ offerNudges: [] }));
    await seedAgent(harness.db);
    const other = await seedOffer(harness);
    expect(await nudge(other, minutes(5))).not.toHaveProperty('nudgeAt', expect.anything());
    expect([await nudgesOf(offer), await nudgesOf(other)]).toEqual([[], []]);
  });
});

describe('is not told again:', () => {
  test('an agent who has the offer in an open inbox', async () => {
    const offer = await offered();
    await readUnansweredOffers(harness.db, { npn: offer.npn, at: after(minutes(1)) });
    expect((await nudge(offer, minutes(5))).nudgeAt).toBeUndefined();
    expect(await nudgesOf(offer)).toEqual([]);
  });

  test('one who has opened the link', async () => {
    const offer = await offered();
    await readLinkedOffer(harness.db, { id: offer.offerId, at: after(minutes(1)) });
    expect((await nudge(offer, minutes(5))).nudgeAt).toBeUndefined();
    expect(await nudgesOf(offer)).toEqual([]);
  });

  test('one who has accepted, also at this instant', async () => {
    const offer = await offered();
    const answered = harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(5)) });
    const [{ acceptedAt }] = await Promise.all([answered, nudge(offer, minutes(5))]);
    expect(acceptedAt).toBe(textAfter(minutes(5)));
    const told = (await nudgesOf(offer)).length;
    // whichever came first: after the acceptance there is no nudge
    expect((await nudge(offer, minutes(10))).nudgeAt).toBeUndefined();
    expect(await nudgesOf(offer)).toHaveLength(told);
  });

  test('one whose offer has ended', async () => {
    const offer = await offered();
    const end = { end: 'declined', by: 'agent', at: textAfter(minutes(2)) } as const;
    await harness.activities.endOffer({ ...offer, ...end });
    expect((await nudge(offer, minutes(5))).nudgeAt).toBeUndefined();
    expect(await nudgesOf(offer)).toEqual([]);
  });

  test('one who sleeps, until the next time', async () => {
    // it is 9:05 in Austin
    const fromTen = [{ days: [1], fromMinute: 9 * 60 + 8, untilMinute: 20 * 60 }];
    harness.activities = activitiesOn(harness.db, aPolicy({ textHours: fromTen }));
    const offer = await offered();
    expect(await nudge(offer, minutes(5))).toMatchObject({ nudgeAt: textAfter(minutes(10)) });
    expect(await nudgesOf(offer)).toEqual([]);
    await nudge(offer, minutes(10));
    expect(await nudgesOf(offer)).toEqual(['text']);
  });

  test('one over a channel that the first message has not reached yet', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await nudge(offer, minutes(5));
    expect(await nudgesOf(offer)).toEqual([]);
    expect(await nudgeEvents(offer)).toEqual([]);
  });
});

describe('a nudge that waited out an outage', () => {
  const at = (ms: number) => activitiesOn(harness.db, aPolicy(), () => after(ms));

  test('of both times is one nudge', async () => {
    const offer = await offered();
    expect(
      (await at(minutes(11)).nudgeAgent({ ...offer, at: textAfter(minutes(5)) })).nudgeAt,
    ).toBeUndefined();
    expect(await nudgesOf(offer)).toEqual(['text']);
  });

  test('is none once an offer is not sent any more', async () => {
    const offer = await offered();
    await at(minutes(14)).nudgeAgent({ ...offer, at: textAfter(minutes(5)) });
    expect(await nudgesOf(offer)).toEqual([]);
  });

  test('is followed by the time that is left, where the workflow was started again', async () => {
    const offer = await offered();
    await nudge(offer, minutes(5));
    const again = await harness.activities.matchReferral({
      woken: false,
      referralId: offer.referralId,
      at: textAfter(minutes(6)),
    });
    expect(again).toMatchObject({ found: 'offer', offer: { nudgeAt: textAfter(minutes(10)) } });
  });
});

describe('an offer whose nudge alone arrived', () => {
  async function nudgedByMail(): Promise<Offer> {
    const offer = await offered();
    await setStatus(offer, 'sent');
    await nudge(offer, minutes(5));
    await setStatus(offer, 'refused');
    await setStatus(offer, 'delivered', 'offer-nudge');
    return offer;
  }

  test('has reached its agent', async () => {
    const offer = await nudgedByMail();
    const end = { end: 'expired', by: 'clock', at: textAfter(minutes(15)) } as const;
    expect(await harness.activities.endOffer({ ...offer, ...end })).toMatchObject({ end: 'expired' });
  });

  test('is not unreachable for the messages before it', async () => {
    const offer = await nudgedByMail();
    await harness.drainOutbox();
    const [notice] = await harness.db
      .selectFrom('notices')
      .select('id')
      .where('offerId', '=', offer.offerId)
      .where('kind', '=', 'offer')
      .execute();
    await enqueueOfferUnreachable(harness.db, notice?.id ?? '');
    expect(await harness.drainOutbox()).toEqual([]);
    await setStatus(offer, 'refused', 'offer-nudge');
    await enqueueOfferUnreachable(harness.db, notice?.id ?? '');
    expect(await harness.drainOutbox()).toMatchObject([{ type: 'offer-unreachable' }]);
  });
});

test('a nudge is no second offer: it changes neither the agent’s order nor their load', async () => {
  const offer = await offered();
  const standing = () =>
    harness.db
      .selectFrom('candidateIndex')
      .select(['bucket', 'lastOfferedAt', 'unanswered', 'uncontacted'])
      .where('npn', '=', offer.npn)
      .orderBy('bucket')
      .execute();
  const before = await standing();
  await nudge(offer, minutes(5));
  expect(before).not.toEqual([]);
  expect(await standing()).toEqual(before);
});
