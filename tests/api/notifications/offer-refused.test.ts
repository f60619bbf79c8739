import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findOrCreateDelivery, recordDeliveryResult } from '../../../store/notifications/deliveries.ts';
import { applyFailureReport, recordProgress } from '../../../store/notifications/delivery-reports.ts';
import { readUnansweredOffers } from '../../../store/referrals/offers/agent-views.ts';
import { readTimeoutFacts } from '../../../store/referrals/offers/offers.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { keyring } from '../../harness/keyring.ts';
import { seedAgent, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

const wasDelivered = async (offerId: string) =>
  (await readTimeoutFacts(harness.db, { offerId, at: monday })).wasDelivered;

/** Seeds an offer whose mail and text the providers accepted. */
async function offered() {
  await harness.db.updateTable('agents').set({ leftAt: monday }).execute();
  await seedAgent(harness.db, { agent: { contactPreference: 'email-text' } });
  const referralId = await seedReferral(harness.db);
  const found = await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  if (found.found !== 'offer') throw new Error('No agent was found');
  const { offerId, npn, notice } = found.offer;
  const attempts: Record<string, string> = {};
  for (const channel of notice.channels) {
    const { id } = await findOrCreateDelivery(harness.db, { noticeId: notice.noticeId, channel, at: monday });
    await recordDeliveryResult(harness.db, {
      status: 'sent',
      providerMessageId: `${channel} ${offerId}`,
      deliveryId: id,
      at: monday,
    });
    attempts[channel] = id;
  }
  await harness.drainOutbox();
  const report = async (
    channel: 'email' | 'text',
    status: 'delivered' | 'refused' | 'bounced' | 'complained',
  ) => {
    const attempt = { attemptId: attempts[channel] ?? '', providerMessageId: `${channel} ${offerId}` };
    const at = after(minutes(1));
    if (status === 'delivered') return recordProgress(harness.db, { ...attempt, status, at });
    const failure = { ...attempt, status, code: 'tests', at };
    return harness.db.transaction().execute((tx) => applyFailureReport(tx, keyring, failure, aPolicy()));
  };
  const passedOn = async () =>
    (await harness.drainOutbox()).filter(({ type }) => type === 'offer-unreachable');
  return {
    referralId,
    offerId,
    npn,
    report,
    passedOn,
    message: { type: 'offer-unreachable', payload: { referralId, offerId } },
  };
}

describe('a permanent refusal that a provider reports later', () => {
  test('on every channel passes the offer on at once, and a repeat changes nothing', async () => {
    const { report, passedOn, message, offerId } = await offered();
    await report('text', 'refused');
    expect(await passedOn()).toEqual([]);
    await report('email', 'bounced');
    expect(await passedOn()).toEqual([message]);
    await report('email', 'bounced');
    expect(await passedOn()).toEqual([]);
    expect(await wasDelivered(offerId)).toBe(false);
  });

  test('on one channel changes nothing while another delivered the offer', async () => {
    const { report, passedOn } = await offered();
    await report('text', 'delivered');
    await report('email', 'bounced');
    expect(await passedOn()).toEqual([]);
  });

  test('includes mail that failed after its server had accepted it', async () => {
    const { report, passedOn, message } = await offered();
    await report('text', 'refused');
    await report('email', 'delivered');
    expect(await passedOn()).toEqual([]);
    await report('email', 'refused');
    expect(await passedOn()).toEqual([message]);
  });

  test('about an offer that was accepted meanwhile changes nothing', async () => {
    const { report, passedOn, offerId, referralId } = await offered();
    await harness.activities.acceptOffer({ referralId, offerId, at: textAfter(minutes(1)) });
    await report('text', 'refused');
    await report('email', 'bounced');
    expect(await passedOn()).toEqual([]);
  });

  test('on every channel does not pass on an offer that the agent has seen in an open inbox', async () => {
    const { report, passedOn, offerId, npn } = await offered();
    await readUnansweredOffers(harness.db, { npn, at: after(minutes(1)) });
    await report('text', 'refused');
    await report('email', 'bounced');
    expect(await passedOn()).toEqual([]);
    expect(await wasDelivered(offerId)).toBe(true);
  });

  test('is different from a complaint: mail that was complained about has arrived', async () => {
    const { report, passedOn, offerId } = await offered();
    await report('text', 'refused');
    await report('email', 'complained');
    expect(await passedOn()).toEqual([]);
    expect(await wasDelivered(offerId)).toBe(true);
  });
});
