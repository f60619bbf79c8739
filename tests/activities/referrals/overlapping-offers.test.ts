import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../domain/failures.ts';
import { readChanges } from '../../../store/changes.ts';
import { readReferralBoard } from '../../../store/ops/boards.ts';
import { fairnessOfAgents } from '../../../store/ops/service-figures.ts';
import { applyReferralAction } from '../../../store/referrals/referral-actions.ts';
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
import { keyring } from '../../harness/keyring.ts';
import { seedAgent, seedReferral, setDeliveryStatus } from '../../harness/people/fixtures.ts';

const offerOverlap = { afterMs: minutes(4), atOnce: 2, late: { atOnce: 3, lastMs: hours(1) } };

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness({ offerOverlap });
});
afterEach(() => harness.close());

const match = (referralId: string, ms: number) =>
  harness.activities.matchReferral({ woken: false, referralId, at: textAfter(ms) });
const accept = (offer: { referralId: string; offerId: string }, ms: number) =>
  harness.activities.acceptOffer({ ...offer, at: textAfter(ms) });
const rowsOf = (referralId: string) =>
  harness.db
    .selectFrom('offers')
    .selectAll()
    .where('referralId', '=', referralId)
    .orderBy('number')
    .execute();

/** Seeds a referral that is offered to two agents, the second asked four minutes after the first. */
async function offeredToTwo() {
  for (let count = 0; count < 2; count += 1) await seedAgent(harness.db);
  const referralId = await seedReferral(harness.db);
  await match(referralId, 0);
  await match(referralId, minutes(4));
  const [first, second] = (await rowsOf(referralId)).map(({ id: offerId, npn }) => ({
    referralId,
    offerId,
    npn,
  }));
  if (!first || !second) throw new Error('Two agents are asked');
  return { referralId, first, second };
}

describe('a match', () => {
  test('asks a second agent beside the first after four minutes, and says when', async () => {
    for (let count = 0; count < 3; count += 1) await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const first = await match(referralId, 0);
    expect(first).toMatchObject({ found: 'offer', askAnotherAt: textAfter(minutes(4)) });
    expect(await match(referralId, minutes(3))).toMatchObject({ ...first, notices: expect.anything() });
    const second = await match(referralId, minutes(4));
    expect(second).toMatchObject({
      offer: { number: 2, expiresAt: textAfter(minutes(19)) },
      beside: [{ number: 1, expiresAt: textAfter(minutes(15)) }],
      // the last hour of four
      askAnotherAt: textAfter(hours(3)),
      waitingUntil: textAfter(minutes(19)),
    });
    expect(await match(referralId, minutes(5))).toMatchObject({
      offer: { number: 2 },
      beside: [{ number: 1 }],
    });
    expect(await rowsOf(referralId)).toHaveLength(2);
  });

  test('replaces an agent who declines at once', async () => {
    await seedAgent(harness.db);
    const { referralId, second } = await offeredToTwo();
    await harness.activities.endOffer({ ...second, end: 'declined', by: 'agent', at: textAfter(minutes(5)) });
    expect(await match(referralId, minutes(5))).toMatchObject({
      offer: { number: 3 },
      beside: [{ number: 1 }],
    });
  });

  test('asks a third in the last hour', async () => {
    await seedAgent(harness.db);
    const { referralId } = await offeredToTwo();
    await match(referralId, hours(3));
    expect(await rowsOf(referralId)).toHaveLength(3);
  });

  test('never asks beside an agent who has accepted', async () => {
    await seedAgent(harness.db);
    const { referralId, first } = await offeredToTwo();
    await accept(first, minutes(5));
    const found = await match(referralId, hours(3.5));
    expect(found).toMatchObject({ offer: { offerId: first.offerId, accepted: { phase: 'accepted' } } });
    expect(found).not.toHaveProperty('beside');
    expect(await rowsOf(referralId)).toHaveLength(2);
  });

  test('asks nobody beside the agent whom the consumer named, and somebody else after a decline', async () => {
    const [named, other] = [await seedAgent(harness.db), await seedAgent(harness.db)];
    const referralId = await seedReferral(harness.db, { agentWish: { by: 'npn', agent: named.npn } });
    await match(referralId, 0);
    const found = await match(referralId, minutes(10));
    expect(found).toMatchObject({ found: 'offer', offer: { npn: named.npn } });
    expect(found).not.toHaveProperty('askAnotherAt');
    const [first] = await rowsOf(referralId);
    const offerId = first?.id ?? '';
    await harness.activities.endOffer({
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      at: textAfter(minutes(11)),
    });
    expect(await match(referralId, minutes(11))).toMatchObject({ offer: { npn: other.npn } });
  });

  test('asks the next agent instead of one whom such a request waits for', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    await match(referralId, 0);
    await seedAgent(harness.db, { languages: ['en', 'es'] });
    await seedReferral(harness.db, { language: 'es' });
    const free = await seedAgent(harness.db, { agent: { lastOfferedAt: after(-hours(1)) } });
    expect(await match(referralId, minutes(4))).toMatchObject({ offer: { number: 2, npn: free.npn } });
  });

  test('leaves an agent to a request that no agent was asked for', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    await match(referralId, 0);
    await seedAgent(harness.db);
    const waiting = await seedReferral(harness.db);
    expect(await match(referralId, minutes(4))).toMatchObject({ askAnotherAt: textAfter(minutes(5)) });
    expect(await match(waiting, minutes(4))).toMatchObject({ found: 'offer', offer: { number: 1 } });
  });

  test('asks one agent at a time where offers do not overlap, and waits for nothing beside their answer', async () => {
    for (let count = 0; count < 2; count += 1) await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const exclusive = activitiesOn(harness.db, aPolicy());
    const ask = (ms: number) => exclusive.matchReferral({ woken: false, referralId, at: textAfter(ms) });
    expect(await ask(0)).not.toHaveProperty('askAnotherAt');
    await ask(minutes(14));
    expect(await rowsOf(referralId)).toHaveLength(1);
  });
});

describe('the first who accepts', () => {
  test('has the referral, and the other offer ends as taken in the same moment, with a notice where it had gone', async () => {
    const { referralId, first, second } = await offeredToTwo();
    await setDeliveryStatus(harness.db, second.offerId, 'sent');
    const answer = await accept(first, minutes(6));
    expect(await rowsOf(referralId)).toMatchObject([
      { acceptedAt: after(minutes(6)), endedAt: null },
      { endedAs: 'taken', endedAt: after(minutes(6)), endedBy: 'service' },
    ]);
    expect(answer.notices.filter(({ kind }) => kind === 'offer-taken')).toMatchObject([
      { channels: ['email', 'text'] },
    ]);
    const events = await harness.events({ kind: 'referral', referralId });
    expect(events.filter(({ kind }) => kind === 'offer-ended').map(({ data }) => data)).toEqual([
      { offerId: second.offerId, npn: second.npn, end: 'taken' },
    ]);
    expect(await accept(first, minutes(7))).toMatchObject({ acceptedAt: textAfter(minutes(6)) });
    expect((await harness.notices({ referralId })).filter((kind) => kind === 'offer-taken')).toHaveLength(1);
  });

  test('is one of two who accept at the same instant; the other learns what happened and when', async () => {
    const { referralId, first, second } = await offeredToTwo();
    const answers = await Promise.allSettled([accept(first, minutes(6)), accept(second, minutes(6))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = answers.find((answer) => answer.status === 'rejected');
    expect(refusalOf(refused?.reason)).toMatchObject({
      type: 'offer-ended',
      details: { end: 'taken', at: textAfter(minutes(6)) },
    });
    const rows = await rowsOf(referralId);
    expect(rows.filter(({ acceptedAt, endedAt }) => acceptedAt && !endedAt)).toHaveLength(1);
  });

  test('wins against a match that runs at the same moment: nobody is asked beside them', async () => {
    for (let round = 0; round < 5; round += 1) {
      await seedAgent(harness.db);
      const referralId = await seedReferral(harness.db);
      const { offer } = (await match(referralId, 0)) as { offer: { offerId: string } };
      await seedAgent(harness.db);
      await Promise.all([
        accept({ referralId, offerId: offer.offerId }, minutes(5)),
        match(referralId, minutes(5)),
      ]);
      const open = (await rowsOf(referralId)).filter(({ endedAt }) => endedAt === null);
      expect(open).toMatchObject([{ id: offer.offerId, acceptedAt: after(minutes(5)) }]);
      await harness.db
        .updateTable('agents')
        .set({ heldAt: after(0) })
        .execute();
    }
  });

  test('of many pairs of referrals that share their agents ends all of them without a deadlock', async () => {
    const limits = { openOffersPerAgent: 20, uncontactedReferralsPerAgent: 20 };
    const activities = activitiesOn(harness.db, aPolicy({ offerOverlap, ...limits }));
    for (let count = 0; count < 2; count += 1) await seedAgent(harness.db);
    const referrals = [];
    for (let count = 0; count < 6; count += 1) referrals.push(await seedReferral(harness.db));
    for (const ms of [0, minutes(4)])
      for (const referralId of referrals)
        await activities.matchReferral({ woken: false, referralId, at: textAfter(ms) });
    const open = await harness.db.selectFrom('offers').select(['id', 'referralId', 'number']).execute();
    expect(open).toHaveLength(12);
    const answers = await Promise.allSettled(
      open.map(({ id: offerId, referralId }) =>
        activities.acceptOffer({ referralId, offerId, at: textAfter(minutes(5)) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [refusalOf(answer.reason)?.type] : [],
    );
    expect(new Set(refusals)).toEqual(new Set(['offer-ended']));
  });
});

describe('an offer that another agent took counts as none', () => {
  test('the agent has their capacity and their place in the order again, and no figure', async () => {
    const { first, second } = await offeredToTwo();
    await accept(first, minutes(6));
    const agent = await harness.db
      .selectFrom('agents')
      .select('lastOfferedAt')
      .where('npn', '=', second.npn)
      .executeTakeFirst();
    expect(agent).toEqual({ lastOfferedAt: null });
    expect(await match(await seedReferral(harness.db), minutes(7))).toMatchObject({
      offer: { npn: second.npn },
    });
    const period = { from: after(0), until: after(minutes(7)), now: after(minutes(8)), limit: 10 };
    const figures = await fairnessOfAgents(harness.db, { ...period, npn: second.npn });
    expect(figures.map(({ offers }) => offers)).not.toContain(1);
  });

  test('the agent is asked again for the same referral when the winner drops out', async () => {
    const { referralId, first, second } = await offeredToTwo();
    await accept(first, minutes(6));
    await harness.activities.endOffer({ ...first, end: 'silent', by: 'clock', at: textAfter(minutes(66)) });
    expect(await match(referralId, minutes(66))).toMatchObject({
      found: 'offer',
      offer: { number: 3, npn: second.npn },
      // a new search, so one agent at first
      askAnotherAt: textAfter(minutes(70)),
    });
  });

  test('and not towards the largest number of offers of a referral', async () => {
    const { referralId, first, second } = await offeredToTwo();
    await accept(first, minutes(6));
    await harness.activities.endOffer({ ...first, end: 'silent', by: 'clock', at: textAfter(minutes(66)) });
    const activities = activitiesOn(harness.db, aPolicy({ offerOverlap, maxOffersPerReferral: 2 }));
    const found = await activities.matchReferral({ woken: false, referralId, at: textAfter(minutes(66)) });
    expect(found).toMatchObject({ found: 'offer', offer: { npn: second.npn } });
  });
});

describe('two open offers', () => {
  test('both end when the consent is taken back before an earlier run could end them', async () => {
    const { referralId } = await offeredToTwo();
    await harness.db
      .updateTable('consents')
      .set({ rescindedAt: after(minutes(5)) })
      .where('referralId', '=', referralId)
      .execute();
    expect(await match(referralId, minutes(6))).toMatchObject({ found: 'over', because: 'withdrawn' });
    expect((await rowsOf(referralId)).map(({ endedAs }) => endedAs)).toEqual(['withdrawn', 'withdrawn']);
  });

  test('are both taken back by one recall of ops, whose repeat changes nothing', async () => {
    const { referralId, first, second } = await offeredToTwo();
    await harness.drainOutbox();
    const { id: accountId } = await harness.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
    const recall = (ms: number) =>
      harness.db.transaction().execute((tx) =>
        applyReferralAction(tx, keyring, {
          referralId,
          action: 'recall',
          reason: 'a test',
          accountId,
          at: after(ms),
        }),
      );
    const applied = await recall(minutes(5));
    expect(await harness.drainOutbox()).toEqual(
      [first, second].map(({ offerId }) => ({ type: 'rescind-offer', payload: { referralId, offerId } })),
    );
    expect(await recall(minutes(6))).toEqual(applied);
    expect(await harness.drainOutbox()).toEqual([]);
  });

  test('are seen on the board of ops, and by the pages of both agents', async () => {
    const before = await readChanges(harness.db, undefined);
    const { referralId, first, second } = await offeredToTwo();
    const npns = [first.npn, second.npn];
    const made = await readChanges(harness.db, before.cursor);
    const pagesOf = ({ changes }: typeof made) =>
      changes.find(({ id }) => id === referralId)?.npns.toSorted();
    expect(pagesOf(made)).toEqual(npns.toSorted());
    const board = await readReferralBoard(harness.db, { limit: 10 });
    expect(board).toMatchObject([{ id: referralId, npns }]);
    await accept(first, minutes(6));
    expect(pagesOf(await readChanges(harness.db, made.cursor))).toEqual(npns.toSorted());
  });
});
