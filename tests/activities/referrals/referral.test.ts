import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { refusalOf } from '../../../domain/failures.ts';
import { activityLimits } from '../../../domain/time-limits.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import {
  seedAgent,
  seedOffer,
  seedReferral,
  seedWaitingReferral,
  setDeliveryStatus,
} from '../../harness/people/fixtures.ts';

type Offer = Awaited<ReturnType<typeof seedOffer>>;

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const offerRow = (id: string) =>
  harness.db.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const referralRow = (id: string) =>
  harness.db.selectFrom('referrals').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const eventKinds = async (referralId: string) =>
  (await harness.events({ kind: 'referral', referralId })).map(({ kind, data }) => data.stage ?? kind);
const wakes = async () =>
  (await harness.drainOutbox()).flatMap(({ type, payload }) =>
    type === 'wake-referral' ? [(payload as { referralId: string }).referralId] : [],
  );

/** Kinds of the notices after the confirmation of the request. */
const noticeKinds = async (referralId: string) =>
  (await harness.notices({ referralId })).filter((kind) => kind !== 'referral-received');

const accept = (offer: Offer, ms = minutes(5)) =>
  harness.activities.acceptOffer({ ...offer, at: textAfter(ms) });
const contact = (offer: Offer, ms = minutes(20)) =>
  harness.activities.recordOutcome({ ...offer, outcome: 'contacted', at: textAfter(ms) });
const end = (
  offer: Offer,
  about: Pick<Parameters<ActivityHarness['activities']['endOffer']>[0], 'end' | 'by' | 'reason'>,
) => harness.activities.endOffer({ ...offer, ...about, at: textAfter(minutes(30)) });

describe('an activity whose row somebody else has locked', () => {
  test('ends well within its time with an error that is retried, and the retry succeeds once the row is free', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const holder = new Client({ connectionString: harness.url });
    await holder.connect();
    await holder.query('begin; select from referrals for update; select from offers for update');
    const givenUp = accept(offer);
    const late = AbortSignal.timeout(activityLimits.transactionMs / 2);
    const isLate = new Promise((resolve) => late.addEventListener('abort', () => resolve('it hangs')));
    await expect(Promise.race([givenUp, isLate])).rejects.toMatchObject({ code: '55P03' });
    await holder.end();
    expect(await accept(offer)).toMatchObject({ stage: 'accepted' });
  }, 30_000);
});

describe('an acceptance', () => {
  test('names the agent to the consumer and starts the 60 minutes; a repeat gets the same answer', async () => {
    const { npn } = await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const first = await accept(offer);
    const deadlines = { acceptedAt: textAfter(minutes(5)), contactDueAt: textAfter(minutes(65)) };
    expect(first).toMatchObject({ ...deadlines, stage: 'accepted', waitingUntil: deadlines.contactDueAt });
    expect(await accept(offer)).toEqual(first);
    expect(await accept(offer, minutes(9))).toEqual(first);

    expect(await offerRow(offer.offerId)).toMatchObject({
      npn,
      acceptedAt: after(minutes(5)),
      endedAt: null,
    });
    expect(await eventKinds(offer.referralId)).toEqual([
      'requested',
      'offered',
      'offering',
      'accepted',
      'accepted',
    ]);
    expect(await noticeKinds(offer.referralId)).toEqual(['offer', 'agent-found']);
  });

  test('of an offer that has ended is refused with what happened and when', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await end(offer, { end: 'declined', by: 'agent', reason: 'too-busy' });
    const refusal = await accept(offer, minutes(31)).catch(refusalOf);
    expect(refusal).toMatchObject({
      type: 'offer-ended',
      details: { end: 'declined', at: textAfter(minutes(30)) },
    });
    expect(await noticeKinds(offer.referralId)).toEqual(['offer']);
  });

  test('of an unknown offer or referral is refused', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    for (const unknown of [{ offerId: randomUUID() }, { referralId: randomUUID() }]) {
      expect(await accept({ ...offer, ...unknown }).catch(refusalOf)).toMatchObject({ type: 'not-found' });
    }
  });
});

describe('a consent that has run out', () => {
  const days = (count: number) => hours(24 * count);
  const expire = (referralId: string) =>
    harness.db
      .updateTable('consents')
      .set({ expiresAt: after(minutes(5)) })
      .where('referralId', '=', referralId)
      .execute();

  test('is older than the 180 days that its text says', async () => {
    const referralId = await seedReferral(harness.db, { textConsent: true });
    const given = await harness.db
      .selectFrom('consents')
      .select(['kind', 'expiresAt'])
      .where('referralId', '=', referralId)
      .orderBy('kind')
      .execute();
    expect(given).toEqual([
      { kind: 'intake', expiresAt: after(days(180)) },
      { kind: 'texts', expiresAt: null },
    ]);
  });

  test('lets no agent be asked or accept any more', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await expire(offer.referralId);
    expect(await accept(offer).catch(refusalOf)).toMatchObject({ type: 'offer-ended' });
    await end(offer, { end: 'expired', by: 'clock' });
    const search = { woken: true, referralId: offer.referralId, at: textAfter(minutes(31)) };
    expect(await harness.activities.matchReferral(search)).toMatchObject({ found: 'over' });
  });
});

describe('the end of an offer', () => {
  test('declined is written once with its reason; whatever comes after it changes nothing', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const declined = { end: 'declined', by: 'agent', reason: 'too-busy' } as const;
    const first = await end(offer, declined);
    expect(first).toMatchObject({ end: 'declined', endedAt: textAfter(minutes(30)) });
    expect(await end(offer, declined)).toEqual(first);
    expect(await end(offer, { end: 'expired', by: 'clock' })).toEqual(first);
    expect(await offerRow(offer.offerId)).toMatchObject({
      endedAs: 'declined',
      endedBy: 'agent',
      endedAt: after(minutes(30)),
      reason: 'too-busy',
    });
    expect(await eventKinds(offer.referralId)).toEqual(['requested', 'offered', 'offering', 'offer-ended']);
    expect(await noticeKinds(offer.referralId)).toEqual(['offer']);
  });

  test('that presumes no answer is not recorded after an acceptance, and tells the workflow so', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(1)) });
    for (const claimed of ['expired', 'declined', 'unreachable', 'taken'] as const)
      expect(await end(offer, { end: claimed, by: 'clock' })).not.toHaveProperty('end');
    expect(await offerRow(offer.offerId)).toMatchObject({ endedAs: null });
  });

  test.each([
    ['delivered', 'expired', 'clock'],
    ['complained', 'expired', 'clock'],
    ['sent', 'unreachable', 'service'],
    ['refused', 'unreachable', 'service'],
    ['pending', 'unreachable', 'service'],
    ['lapsed', 'unreachable', 'service'],
  ])('by the clock, its messages being %s, is %s', async (status, endName, by) => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await setDeliveryStatus(harness.db, offer.offerId, status);
    expect(await end(offer, { end: 'expired', by: 'clock' })).toMatchObject({ end: endName });
    expect(await offerRow(offer.offerId)).toMatchObject({ endedAs: endName, endedBy: by });
  });

  test('is the agent’s timeout when one of the messages got through', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await setDeliveryStatus(harness.db, offer.offerId, 'refused');
    await harness.db
      .updateTable('deliveries')
      .set({ status: 'delivered' })
      .where('channel', '=', 'text')
      .execute();
    expect(await end(offer, { end: 'expired', by: 'clock' })).toMatchObject({ end: 'expired' });
  });

  test('is no timeout of the agent when the message arrived after the window', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await setDeliveryStatus(harness.db, offer.offerId, 'delivered');
    await harness.db
      .updateTable('deliveries')
      .set({ changedAt: after(minutes(15)) })
      .execute();
    expect(await end(offer, { end: 'expired', by: 'clock' })).toMatchObject({ end: 'unreachable' });
  });

  test('is the agent’s timeout when a push was taken, since nothing more is ever heard of one', async () => {
    const { npn } = await seedAgent(harness.db, { agent: { contactPreference: 'email-app' } });
    const device = { endpoint: 'https://push.example.org/1', p256dh: '-', auth: '-', createdAt: after(0) };
    await harness.db
      .insertInto('pushSubscriptions')
      .values({ npn, ...device })
      .execute();
    const offer = await seedOffer(harness);
    await setDeliveryStatus(harness.db, offer.offerId, 'refused');
    await harness.db
      .updateTable('deliveries')
      .set({ status: 'sent' })
      .where('channel', '=', 'push')
      .execute();
    expect(await end(offer, { end: 'expired', by: 'clock' })).toMatchObject({ end: 'expired' });
  });

  test.each([
    ['silent', 'clock', ['agent-gone', 'offer-over']],
    ['rescinded', 'service', ['agent-gone', 'offer-over']],
    ['handed-back', 'agent', ['agent-gone']],
    ['wrong-number', 'agent', ['contact-wrong']],
    ['another-asked', 'consumer', ['offer-over']],
    ['withdrawn', 'consumer', ['offer-over']],
    ['closed', 'agent', []],
    ['closed', 'clock', ['offer-over']],
  ] as const)('%s after acceptance notifies the other side, once', async (endName, by, kinds) => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    if (endName === 'closed') await contact(offer);
    await end(offer, { end: endName, by });
    await end(offer, { end: endName, by });
    const notices = await noticeKinds(offer.referralId);
    expect(notices.toSorted()).toEqual(['agent-found', 'offer', ...kinds].toSorted());
  });

  test('that comes by itself after weeks is mailed to the agent, not texted', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    await contact(offer);
    const { notices } = await end(offer, { end: 'closed', by: 'clock' });
    expect(notices.filter(({ kind }) => kind === 'offer-over')).toMatchObject([{ channels: ['email'] }]);
  });

  test('of an unknown offer is refused', async () => {
    await seedAgent(harness.db);
    const offer = { ...(await seedOffer(harness)), offerId: randomUUID() };
    expect(await end(offer, { end: 'expired', by: 'clock' }).catch(refusalOf)).toMatchObject({
      type: 'not-found',
    });
  });
});

describe('a place that becomes free', () => {
  test('wakes the oldest referral that fits', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const fits = [after(2), after(1)].map((at) => seedWaitingReferral(harness.db, { at }));
    const [, oldest] = await Promise.all(fits);
    await seedWaitingReferral(harness.db, { zip: '33101' });
    await seedWaitingReferral(harness.db, { language: 'vi' });
    await harness.drainOutbox();
    await end(offer, { end: 'expired', by: 'clock' });
    await end(offer, { end: 'expired', by: 'clock' });
    expect(await wakes()).toEqual([oldest]);
  });

  test('wakes no referral that has not searched yet, which does so by itself', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await seedReferral(harness.db, { at: after(1) });
    const waiting = await seedWaitingReferral(harness.db, { at: after(2) });
    await harness.drainOutbox();
    await end(offer, { end: 'expired', by: 'clock' });
    expect(await wakes()).toEqual([waiting]);
  });

  test('comes with acceptance, since an answered offer leaves room for another', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const waiting = await seedWaitingReferral(harness.db, { at: after(1) });
    await harness.drainOutbox();
    await harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(1)) });
    await harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(1)) });
    expect(await wakes()).toEqual([waiting]);
  });

  test('wakes no referral that asked the agent before', async () => {
    await seedAgent(harness.db);
    const first = await seedOffer(harness);
    await end(first, { end: 'declined', by: 'agent' });
    await harness.activities.matchReferral({
      woken: true,
      referralId: first.referralId,
      at: textAfter(minutes(31)),
    });
    const second = await seedOffer(harness);
    await harness.drainOutbox();
    await end(second, { end: 'declined', by: 'agent' });
    expect(await wakes()).toEqual([]);
  });

  test('comes with first contact too', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    const waiting = await seedWaitingReferral(harness.db);
    await harness.drainOutbox();
    await contact(offer);
    expect(await wakes()).toEqual([waiting]);
  });
});

describe('an outcome', () => {
  test('contacted begins the time to the outcome, once', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    const first = await contact(offer);
    const closesAt = after(minutes(20) + hours(24 * 30));
    expect(first).toMatchObject({ stage: 'contacted', waitingUntil: closesAt.toISOString() });
    expect(await contact(offer)).toEqual(first);
    expect(await offerRow(offer.offerId)).toMatchObject({ contactedAt: after(minutes(20)), closesAt });
    expect((await eventKinds(offer.referralId)).slice(-2)).toEqual(['outcome-reported', 'contacted']);
  });

  test('quoted is recorded and leaves the referral with the agent', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    await contact(offer);
    const quoted = { ...offer, outcome: 'quoted' as const, at: textAfter(hours(2)) };
    const first = await harness.activities.recordOutcome(quoted);
    expect(first).toMatchObject({ stage: 'contacted', since: textAfter(minutes(20)) });
    expect(await harness.activities.recordOutcome(quoted)).toEqual(first);
    const reported = (await eventKinds(offer.referralId)).filter((kind) => kind === 'outcome-reported');
    expect(reported).toHaveLength(2);
  });

  test('of an offer that has ended is refused', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    await end(offer, { end: 'silent', by: 'clock' });
    expect(await contact(offer, minutes(40)).catch(refusalOf)).toMatchObject({
      type: 'offer-ended',
      details: { end: 'silent' },
    });
  });
});

describe('a referral that closes', () => {
  test('unmatched sends the consumer to other help, once', async () => {
    const referralId = await seedReferral(harness.db);
    await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
    const closing = { referralId, stage: 'unmatched', at: textAfter(hours(4)) } as const;
    const first = await harness.activities.closeReferral(closing);
    expect(first).toMatchObject({ stage: 'unmatched', waitingUntil: undefined });
    expect(await harness.activities.closeReferral(closing)).toEqual(first);
    expect(await referralRow(referralId)).toMatchObject({ closedAt: after(hours(4)) });
    expect(await noticeKinds(referralId)).toEqual(['unmatched']);
    expect(await eventKinds(referralId)).toEqual(['requested', 'queued', 'unmatched']);
  });

  test('with an outcome records it, and the consumer is notified', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await accept(offer);
    await contact(offer);
    await harness.activities.recordOutcome({ ...offer, outcome: 'enrolled', at: textAfter(minutes(30)) });
    await end(offer, { end: 'closed', by: 'agent' });
    const { referralId } = offer;
    const closing = { referralId, stage: 'closed', outcome: 'enrolled', at: textAfter(minutes(30)) } as const;
    const first = await harness.activities.closeReferral(closing);
    expect(await harness.activities.closeReferral(closing)).toEqual(first);
    expect(await referralRow(referralId)).toMatchObject({ stage: 'closed', outcome: 'enrolled' });
    expect((await noticeKinds(referralId)).filter((kind) => kind === 'closed')).toHaveLength(1);
  });

  test('withdrawn ends the agent’s offer and stays withdrawn, whatever is asked later', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    await end(offer, { end: 'withdrawn', by: 'consumer' });
    const { referralId } = offer;
    await harness.activities.closeReferral({ referralId, stage: 'withdrawn', at: textAfter(minutes(30)) });
    const later = { referralId, stage: 'unmatched', at: textAfter(hours(4)) } as const;
    expect(await harness.activities.closeReferral(later)).toMatchObject({ stage: 'withdrawn' });
    expect(
      await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(hours(1)) }),
    ).toMatchObject({
      found: 'over',
    });
    expect(await noticeKinds(referralId)).toEqual(['offer']);
    expect(await eventKinds(referralId)).toEqual([
      'requested',
      'offered',
      'offering',
      'offer-ended',
      'withdrawn',
    ]);
  });
});

test('what a workflow learns of a referral has no name, address or phone', async () => {
  await seedAgent(harness.db);
  const offer = await seedOffer(harness, {
    contact: { name: 'Cora Consumer', phone: '+15125550177', email: 'cora@example.org' },
  });
  const answers = [
    await harness.activities.matchReferral({ woken: true, referralId: offer.referralId, at: textAfter(0) }),
    await accept(offer),
    await contact(offer),
    await end(offer, { end: 'handed-back', by: 'agent', reason: 'cannot-help' }),
  ];
  const events = await harness.events({ kind: 'referral', referralId: offer.referralId });
  expect(JSON.stringify([answers, events])).not.toMatch(/Cora|5125550|@|Ada|Alder|\b78701\b/);
});
