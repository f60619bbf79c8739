import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Sender } from '../../../activities/notifications/senders/senders.ts';
import type { DeactivationCause } from '../../../domain/ops/ops-actions.ts';
import { applyOpsAction } from '../../../store/ops/ops-actions.ts';
import {
  type ActivityHarness,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { createDeliverOne, type DeliverOne } from '../../harness/deliver-one.ts';
import { keyring } from '../../harness/keyring.ts';
import { seedAgent, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
let accountId: string;
let deliver: DeliverOne;
/** Recipient of a message. */
const sent: string[] = [];

beforeAll(async () => {
  harness = await openActivityHarness();
  accountId = randomUUID();
  const ops = { username: 'ops', passwordHash: '-', role: 'ops', createdAt: monday };
  await harness.db
    .insertInto('accounts')
    .values({ id: accountId, ...ops })
    .execute();
  const sender: Sender<{ attemptId: string; to: unknown }> = {
    send: async ({ to }) => {
      sent.push(String(to));
      return { status: 'sent', providerMessageId: randomUUID() };
    },
  };
  deliver = createDeliverOne({
    policy: { textHours: [], invitationRetryAfterMs: [] },
    db: harness.db,
    senders: { email: sender, text: sender, push: sender, voice: sender },
    keyring,
    linkSecret: 'a secret of the tests',
    publicUrl: 'https://www.helpondemand.example',
    log: { warn: () => undefined, error: () => undefined },
    now: () => new Date(monday.getTime() + minutes(11)),
  });
});
afterAll(() => harness.close());

const deactivate = (npn: string, because: DeactivationCause) =>
  harness.db.transaction().execute((tx) =>
    applyOpsAction(tx, {
      npn,
      action: 'deactivate',
      because,
      reason: 'His office called',
      accountId,
      at: new Date(monday.getTime() + minutes(10)),
    }),
  );

/** Delivers every notice about an agent over each of its channels, and lists the results. */
async function deliverAll(npn: string, referralId: string | null = null): Promise<string[]> {
  const rows = await harness.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select(['notices.id', 'kind', 'channel'])
    .where((notice) => notice.or([notice('npn', '=', npn), notice('referralId', '=', referralId)]))
    .orderBy('kind')
    .execute();
  const results: string[] = [];
  for (const { id, kind, channel } of rows)
    results.push(`${kind} ${(await deliver({ noticeId: id, channels: [channel as 'email'] })).join()}`);
  return [...new Set(results)];
}

describe('an invited agent whose death ops record', () => {
  test('gets no more mail, the link stops working, and the workflow ends', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    await harness.drainOutbox();
    const done = await deactivate(key.npn, 'death');
    expect(await deactivate(key.npn, 'death')).toEqual(done);
    expect(await harness.drainOutbox()).toEqual([{ type: 'wake-onboarding', payload: key }]);
    const [invitation] = await harness.db
      .selectFrom('invitations')
      .select(['endedAt', 'endedAs'])
      .where('npn', '=', key.npn)
      .execute();
    expect(invitation?.endedAt).toEqual(new Date(monday.getTime() + minutes(10)));
    expect(await deliverAll(key.npn)).toEqual(['invitation lapsed']);
    const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(minutes(11)) });
    expect(review).toMatchObject({ stage: 'left', notices: [] });
    expect(sent).toEqual([]);
  });
});

describe('an agent with an accepted referral', () => {
  const accepted = async (zip: string, state: string) => {
    const { npn, planYear } = await seedAgent(harness.db, { states: [state], zip });
    const referralId = await seedReferral(harness.db, { zip });
    const match = await harness.activities.matchReferral({
      woken: true,
      referralId,
      at: monday.toISOString(),
    });
    if (match.found !== 'offer') throw new Error('nobody was found');
    const about = { referralId, offerId: match.offer.offerId };
    await harness.activities.acceptOffer({ ...about, at: textAfter(minutes(1)) });
    await harness.db.deleteFrom('outbox').execute();
    return { npn, planYear, about };
  };
  const leave = async (
    { npn, planYear, about }: Awaited<ReturnType<typeof accepted>>,
    because: DeactivationCause,
  ) => {
    await deactivate(npn, because);
    await harness.activities.reviewOnboarding({ npn, planYear, at: textAfter(minutes(10)) });
    const messages = await harness.drainOutbox();
    expect(messages).toContainEqual({ type: 'rescind-offer', payload: about });
    await harness.activities.endOffer({
      ...about,
      end: 'rescinded',
      by: 'service',
      at: textAfter(minutes(10)),
    });
    return deliverAll(npn, about.referralId);
  };

  test('who died is not written to; the consumer hears that another agent is asked', async () => {
    sent.length = 0;
    const agent = await accepted('84101', 'UT');
    const results = await leave(agent, 'death');
    expect(results.filter((one) => one.endsWith('sent'))).toEqual([
      'agent-gone sent',
      'referral-received sent',
    ]);
    expect(new Set(sent)).toEqual(new Set(['cora@example.org']));
  });

  test('who departed is notified only that the contact may no longer be used', async () => {
    const agent = await accepted('33101', 'FL');
    const results = await leave(agent, 'departure');
    expect(results.filter((one) => one.endsWith('sent'))).toEqual([
      'agent-gone sent',
      'offer-over sent',
      'referral-received sent',
    ]);
  });
});

test('a held agent gets no offers, and the running ones are rescinded', async () => {
  const { npn, planYear } = await seedAgent(harness.db, { states: ['AZ'], zip: '85001' });
  const referralId = await seedReferral(harness.db, { zip: '85001' });
  const at = monday.toISOString();
  const match = await harness.activities.matchReferral({ woken: true, referralId, at });
  await harness.db.deleteFrom('outbox').execute();
  const hold = { npn, action: 'hold', reason: 'A complaint', accountId, at: monday } as const;
  await harness.db.transaction().execute((tx) => applyOpsAction(tx, hold));
  const review = await harness.activities.reviewOnboarding({ npn, planYear, at });
  expect(review).toMatchObject({ stage: 'suspended', causes: ['held'], states: [] });
  const messages = (await harness.drainOutbox()).map(({ type }) => type);
  expect([match.found, messages]).toEqual([
    'offer',
    expect.arrayContaining(['wake-onboarding', 'rescind-offer']),
  ]);

  if (match.found !== 'offer') throw new Error('nobody was found');
  const { offerId } = match.offer;
  await harness.activities.endOffer({ referralId, offerId, end: 'rescinded', by: 'service', at });
  const another = await seedReferral(harness.db, { zip: '85001' });
  expect(await harness.activities.matchReferral({ woken: true, referralId: another, at })).toMatchObject({
    found: 'not-now',
  });
  await harness.db.transaction().execute((tx) => applyOpsAction(tx, { ...hold, action: 'release' }));
  const later = textAfter(hours(1));
  expect(await harness.activities.reviewOnboarding({ npn, planYear, at: later })).toMatchObject({
    stage: 'active',
  });
  expect(
    await harness.activities.matchReferral({ woken: true, referralId: another, at: later }),
  ).toMatchObject({
    found: 'offer',
    offer: { npn },
  });
});
