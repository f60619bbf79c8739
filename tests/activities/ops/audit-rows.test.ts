import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readConsumerReferral } from '../../../store/referrals/referral-views.ts';
import { activitiesOn, after, aPolicy, hours, minutes, textAfter } from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { type AuditHarness, idOfReferral, newNpn, openAuditHarness } from './audit-harness.ts';

let harness: AuditHarness;
beforeEach(async () => {
  harness = await openAuditHarness();
});
afterEach(() => harness.end());

/** Creates a referral with an offer, and starts its workflow. */
async function addOffered() {
  const npn = newNpn();
  await seedAgent(harness.db, { npn });
  await harness.drainOutbox();
  await harness.db
    .updateTable('onboardings')
    .set({ closedAt: after(0) })
    .execute();
  const offered = await seedOffer(harness);
  await harness.relay();
  await harness.untilListed(idOfReferral(offered.referralId), true);
  return offered;
}

const kindsOf = async () => (await harness.open()).map(({ kind }) => kind);

test('a workflow that missed its instant is woken, once', async () => {
  const referralId = await seedReferral(harness.db);
  await harness.relay();
  await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  await harness.untilListed(idOfReferral(referralId), true);
  await harness.part('referrals', after(hours(4)));
  expect(await harness.open()).toEqual([]);

  await harness.part('referrals', after(hours(4) + minutes(3)));
  await harness.part('referrals', after(hours(4) + minutes(3)));
  expect(await harness.open()).toEqual([{ kind: 'workflow-stuck', subjectId: referralId, repaired: true }]);
  expect(await harness.drainOutbox()).toEqual([{ type: 'wake-referral', payload: { referralId } }]);
  // no effect: it is reported to ops once, and not woken again and again
  await harness.part('referrals', after(hours(4) + minutes(8)));
  await harness.part('referrals', after(hours(4) + minutes(13)));
  expect(await harness.drainOutbox()).toEqual([]);
  expect(harness.warnings).toEqual([
    { kind: 'workflow-stuck', subjectKind: 'referral', subjectId: referralId },
  ]);
});

test('a referral whose turn comes some time after the opening has not workflow-stuck', async () => {
  const hours10to4 = [{ days: [1, 2, 3, 4, 5], fromMinute: 10 * 60, untilMinute: 16 * 60 }];
  const policy = aPolicy({ serviceCalendar: { hours: hours10to4, closedSeasons: [] } });
  const waiting: string[] = [];
  for (const minute of [0, 1]) {
    const referralId = await seedReferral(harness.db, { at: after(minutes(minute)), policy });
    await activitiesOn(harness.db, policy).matchReferral({
      woken: true,
      referralId,
      at: textAfter(minutes(2)),
    });
    waiting.push(referralId);
  }
  await harness.relay();
  for (const referralId of waiting) await harness.untilListed(idOfReferral(referralId), true);
  const found = async (at: number) => {
    await harness.part('referrals', after(at));
    return (await harness.open()).map(({ subjectId }) => subjectId);
  };
  // the service opens an hour after the first request, and the second request's turn comes 15 minutes later
  expect(await found(hours(1) + minutes(3))).toEqual([waiting[0]]);
  expect(await found(hours(1) + minutes(16))).toEqual([waiting[0]]);
  expect(await found(hours(1) + minutes(18))).toEqual(waiting);
  // the consumer sees when the service opens
  expect(await readConsumerReferral(harness.db, waiting[1] ?? '')).toMatchObject({
    waitingUntil: after(hours(1)),
  });
});

test('a workflow that never reviewed its row is woken', async () => {
  const npn = newNpn();
  await seedAgent(harness.db, { npn, stage: 'unreviewed' });
  const key = { npn, planYear: 2027 };
  await harness.drainOutbox();
  await harness.db
    .insertInto('outbox')
    .values({ type: 'start-onboarding', payload: JSON.stringify(key) })
    .execute();
  await harness.relay();
  await harness.untilListed(`onboarding-${npn}-2027`, true);
  await harness.part('onboardings', after(minutes(5)));
  expect(await kindsOf()).toEqual(['workflow-stuck']);
  expect(await harness.drainOutbox()).toEqual([{ type: 'wake-onboarding', payload: key }]);
});

test('a referral that waits for its consumer’s confirmation has no workflow and needs none', async () => {
  const referralId = await seedReferral(harness.db);
  await harness.drainOutbox();
  await harness.db
    .updateTable('referrals')
    .set({ stage: 'unconfirmed' })
    .where('id', '=', referralId)
    .execute();
  expect(await harness.audit(minutes(5))).toMatchObject({ found: 0, describes: 0 });
  expect(harness.asked).toEqual([]);
});

test('an open offer beside an accepted one, and two accepted ones, are reported to ops', async () => {
  const { referralId, offerId } = await addOffered();
  // the unique indexes would refuse this
  await asOwner(harness, 'drop index offers_one_open_per_agent, offers_one_accepted');
  const offer = await harness.db
    .selectFrom('offers')
    .selectAll()
    .where('id', '=', offerId)
    .executeTakeFirstOrThrow();
  await harness.db
    .insertInto('offers')
    .values({ ...offer, id: randomUUID(), number: 2 })
    .execute();
  await harness.part('offers', after(minutes(4)));
  expect(await harness.open()).toEqual([]);
  await harness.db
    .updateTable('offers')
    .set({ acceptedAt: after(0), contactDueAt: after(hours(1)) })
    .where('id', '=', offerId)
    .execute();
  await harness.part('offers', after(minutes(5)));
  expect(await harness.open()).toEqual([
    { kind: 'several-open-offers', subjectId: referralId, repaired: false },
  ]);
  await harness.db
    .updateTable('offers')
    .set({ acceptedAt: after(0), contactDueAt: after(hours(1)) })
    .execute();
  await harness.part('offers', after(minutes(6)));
  await harness.part('offers', after(minutes(7)));
  expect(await kindsOf()).toEqual(['several-open-offers', 'several-winners']);
  expect(harness.warnings).toHaveLength(2);
  expect(await harness.drainOutbox()).toEqual([]);
});

test('an offer past its deadline: its workflow is woken; each phase has its own deadline', async () => {
  const { referralId, offerId } = await addOffered();
  await harness.part('offers', after(minutes(16)));
  expect(await harness.open()).toEqual([]);
  await harness.db
    .updateTable('offers')
    .set({ acceptedAt: after(minutes(10)), contactDueAt: after(minutes(70)) })
    .execute();
  await harness.part('offers', after(minutes(60)));
  expect(await harness.open()).toEqual([]);
  for (const ms of [minutes(73), minutes(78)]) await harness.part('offers', after(ms));
  expect(await harness.open()).toEqual([{ kind: 'offer-overdue', subjectId: offerId, repaired: true }]);
  expect(await harness.drainOutbox()).toEqual([{ type: 'wake-referral', payload: { referralId } }]);
});

test('an open offer of a closed referral takes up capacity: it is reported to ops', async () => {
  const { referralId, offerId } = await addOffered();
  await harness.db
    .updateTable('referrals')
    .set({ closedAt: after(0) })
    .where('id', '=', referralId)
    .execute();
  await harness.part('offers', after(minutes(5)));
  expect(await harness.open()).toEqual([{ kind: 'offer-left-open', subjectId: offerId, repaired: false }]);
});

test('a delivery that nobody tries any more is ended', async () => {
  const { offerId } = await addOffered();
  const endsOf = async () => {
    const rows = await harness.db
      .selectFrom('deliveries')
      .innerJoin('notices', 'notices.id', 'noticeId')
      .select('status')
      .where('offerId', '=', offerId)
      .execute();
    return [...new Set(rows.map(({ status }) => status))];
  };
  await harness.part('notices', after(minutes(14)));
  expect(await endsOf()).toEqual(['pending']);
  // notices about the offer end 90 seconds before it, all others after a day
  await harness.part('notices', after(minutes(16)));
  expect(await endsOf()).toEqual(['lapsed']);
  const before = await harness.open();
  await harness.part('notices', after(minutes(23)));
  expect(await harness.open()).toEqual(before);
  await harness.part('notices', after(hours(25)));
  const left = await harness.db
    .selectFrom('deliveries')
    .select('id')
    .where('status', '=', 'pending')
    .execute();
  expect(left).toEqual([]);
  expect(harness.warnings).toEqual([]);
});

test('an invitation that could not be mailed for a day is void: a new one is issued with its full time', async () => {
  const key = await seedAgent(harness.db, { npn: newNpn(), stage: 'invited' });
  await harness.drainOutbox();
  await harness.part('notices', after(hours(24)));
  expect(await harness.drainOutbox()).toEqual([]);

  const late = hours(24) + minutes(3);
  await harness.part('notices', after(late));
  await harness.part('notices', after(late));
  expect(await kindsOf()).toEqual(['notice-unfinished']);
  expect(await harness.drainOutbox()).toEqual([{ type: 'wake-onboarding', payload: key }]);
  const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(late) });
  expect(review).toMatchObject({
    stage: 'awaiting-eligibility',
    causes: [],
    pendingStep: 'invite',
    notices: [],
  });
  const anew = await harness.activities.inviteAgent({ ...key, at: textAfter(late) });
  expect(anew).toMatchObject({
    stage: 'invited',
    linkExpiresAt: textAfter(late + hours(48)),
    notices: [{ kind: 'invitation', channels: ['email'] }],
  });
  const events = (await harness.events({ kind: 'onboarding', ...key })).map(({ kind }) => kind);
  expect(events.filter((kind) => kind === 'invitation-unsent')).toHaveLength(1);
});

test.each([
  ['left', 'sent', 'invited'],
  ['was refused', 'refused', 'invited'],
  ['waits as well', 'pending', 'awaiting-eligibility'],
])('an invitation whose mail has lapsed, while its reminder %s', async (_, status, stage) => {
  const key = await seedAgent(harness.db, { npn: newNpn(), stage: 'invited' });
  await harness.activities.remindOfInvitation({ ...key, at: textAfter(hours(36)) });
  const reminder = harness.db.selectFrom('notices').select('id').where('kind', '=', 'invitation-reminder');
  await harness.db.updateTable('deliveries').set({ status }).where('noticeId', 'in', reminder).execute();
  await harness.part('notices', after(hours(37)));
  expect((await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(37)) })).stage).toBe(stage);
});

test('a message that stays in the outbox for long is reported to ops, and resolved once it is dispatched', async () => {
  const referralId = randomUUID();
  await harness.db
    .insertInto('outbox')
    .values({ type: 'wake-referral', payload: JSON.stringify({ referralId }), createdAt: after(0) })
    .execute();
  expect(await harness.audit(minutes(9))).toMatchObject({ found: 0 });
  expect(await harness.audit(minutes(11))).toMatchObject({ found: 1, repaired: 0 });
  expect(await harness.audit(minutes(16))).toMatchObject({ found: 1, resolved: 0 });
  expect(harness.warnings).toEqual([expect.objectContaining({ kind: 'outbox-stuck' })]);
  await harness.drainOutbox();
  expect(await harness.audit(minutes(21))).toMatchObject({ found: 0, resolved: 1 });
  expect(await harness.open()).toEqual([]);
});

test('messages in bulk may wait for hours, and then their first is reported', async () => {
  const wake = { type: 'wake-referral', payload: JSON.stringify({ referralId: randomUUID() }), bulk: true };
  const createdAt = after(0);
  await harness.db
    .insertInto('outbox')
    .values([
      { ...wake, createdAt },
      { ...wake, createdAt },
    ])
    .execute();
  expect(await harness.audit(hours(11))).toMatchObject({ found: 0 });
  expect(await harness.audit(hours(13))).toMatchObject({ found: 1, repaired: 0 });
  expect((await harness.open()).map(({ kind }) => kind)).toEqual(['outbox-stuck']);
});

test('a worker that takes over goes on after the last page, and repairs nothing twice', async () => {
  const ids = [];
  for (let count = 0; count < 5; count += 1) ids.push(await seedReferral(harness.db));
  await harness.drainOutbox();
  const at = after(minutes(5));
  const { done, heartbeats } = await harness.part('referrals', at, { untilPage: 1 });
  expect(done).toBeUndefined();
  expect(await harness.open()).toHaveLength(2);
  const { done: counts } = await harness.part('referrals', at, { from: heartbeats[0] });
  expect(counts).toEqual({ lookedAt: 5, lists: 3, describes: 5, leftOver: 0, found: 5, repaired: 5 });
  expect(harness.asked.filter((call) => call.startsWith('list'))).toHaveLength(3);
  // once more from the beginning, as after a crash before the heartbeat
  await harness.part('referrals', at);
  const started = (await harness.drainOutbox()).map(
    ({ payload }) => (payload as { referralId: string }).referralId,
  );
  expect(started.toSorted()).toEqual(ids.toSorted());
});
