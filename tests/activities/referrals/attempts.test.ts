import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isStillRelevant } from '../../../activities/notifications/is-still-relevant.ts';
import { refusalOf } from '../../../domain/failures.ts';
import type { AttemptWay } from '../../../domain/referrals/referral.ts';
import { readStoredNotices } from '../../../store/notifications/stored-notices.ts';
import { readConsumerReferral } from '../../../store/referrals/referral-views.ts';
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
import { seedAgent, seedOffer } from '../../harness/people/fixtures.ts';

type Offer = Awaited<ReturnType<typeof seedOffer>>;

let harness: ActivityHarness;
/** Accepted on Monday at 9:05 in Texas, so that the call is due at 10:05. */
let offer: Offer;
beforeEach(async () => {
  harness = await openActivityHarness();
  await seedAgent(harness.db);
  offer = await seedOffer(harness, { contact: { name: 'Cora Consumer', email: 'cora@example.org' } });
  await harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(5)) });
});
afterEach(() => harness.close());

const attempt = (ms: number, more: { how?: AttemptWay; nextTryAt?: string; reportId?: string } = {}) =>
  harness.activities.recordOutcome({ ...offer, outcome: 'attempted', at: textAfter(ms), ...more });
const offerRow = () =>
  harness.db
    .selectFrom('offers')
    .select(['attempts', 'attemptedAt', 'nextTryAt', 'contactDueAt', 'contactRemindAt'])
    .where('id', '=', offer.offerId)
    .executeTakeFirstOrThrow();
const notices = async (kind: string) =>
  (await harness.notices({ referralId: offer.referralId })).filter((one) => one === kind);
const events = () => harness.events({ kind: 'referral', referralId: offer.referralId });

/** Tuesday, an hour into the day on which the consumer can be reached. */
const tuesdayAtNine = hours(24);
const tuesdayAtEight = hours(35);

describe('a try to reach the consumer', () => {
  test('gives the agent until the next day on which the consumer can be reached, and tells the consumer', async () => {
    const first = await attempt(minutes(20));
    expect(first).toMatchObject({ stage: 'accepted', waitingUntil: textAfter(tuesdayAtNine) });
    expect(await offerRow()).toEqual({
      attempts: 1,
      attemptedAt: after(minutes(20)),
      nextTryAt: after(tuesdayAtNine),
      contactDueAt: after(tuesdayAtNine),
      // halfway is at night
      contactRemindAt: after(hours(23)),
    });
    expect(await notices('agent-tried')).toHaveLength(1);
    expect((await events()).slice(-2).map(({ kind, data }) => [kind, data])).toEqual([
      ['outcome-reported', { offerId: offer.offerId, npn: offer.npn, outcome: 'attempted' }],
      ['stage-entered', { stage: 'accepted', causes: [], waitingUntil: textAfter(tuesdayAtNine) }],
    ]);
  });

  test('is told in the morning by text, where the state allows none in the evening', async () => {
    const at = after(hours(10) + minutes(20));
    const contact = { name: 'Cora Consumer', phone: '+12025550188' };
    offer = await seedOffer(harness, { contact, textConsent: true, at });
    // 19:30 and 20:10 in Texas
    await harness.activities.acceptOffer({ ...offer, at: textAfter(hours(10) + minutes(30)) });
    await attempt(hours(11) + minutes(10));
    expect(await offerRow()).toMatchObject({ nextTryAt: after(tuesdayAtNine) });
    const { id } = await harness.db
      .selectFrom('notices')
      .select('id')
      .where('kind', '=', 'agent-tried')
      .executeTakeFirstOrThrow();
    const isRelevant = async (ms: number) => {
      const [notice] = await readStoredNotices(harness.db, keyring, [id]);
      return notice && isStillRelevant(notice, after(ms));
    };
    expect(await isRelevant(tuesdayAtNine)).toBe(true);
    expect(await isRelevant(tuesdayAtEight)).toBe(false);

    const end = { ...offer, end: 'silent', by: 'clock' } as const;
    await harness.activities.endOffer({ ...end, at: textAfter(tuesdayAtNine) });
    expect(await isRelevant(tuesdayAtNine)).toBe(false);
  });

  test('is one try when the activity is called twice, with the same answer', async () => {
    const first = await attempt(minutes(20));
    expect(await attempt(minutes(20))).toEqual(first);
    expect(await offerRow()).toMatchObject({ attempts: 1 });
    expect(await notices('agent-tried')).toHaveLength(1);

    const named = await attempt(minutes(40), { reportId: 'a key' });
    expect(await attempt(minutes(50), { reportId: 'a key' })).toEqual(named);
    expect(await offerRow()).toMatchObject({ attempts: 2 });
  });

  test('is told as the agent says it went, and as the last one went', async () => {
    const read = async () => (await readConsumerReferral(harness.db, offer.referralId))?.agent?.triedHow;
    await attempt(minutes(20), { how: 'voicemail' });
    expect(await read()).toBe('voicemail');
    const { id } = await harness.db
      .selectFrom('notices')
      .select('id')
      .where('kind', '=', 'agent-tried')
      .executeTakeFirstOrThrow();
    const [notice] = await readStoredNotices(harness.db, keyring, [id]);
    expect(notice?.offer?.attemptedHow).toBe('voicemail');
    expect((await events()).at(-2)?.data).toMatchObject({ outcome: 'attempted', how: 'voicemail' });
    await attempt(minutes(40));
    expect(await read()).toBe(null);
  });

  test('gives until the time the agent names, with a reminder at half of it', async () => {
    const nextTryAt = textAfter(hours(4) + minutes(20));
    const tried = await attempt(minutes(20), { nextTryAt });
    expect(tried).toMatchObject({
      waitingUntil: nextTryAt,
      contactRemindAt: textAfter(hours(2) + minutes(20)),
    });
  });

  test('never shortens the time that the agent has', async () => {
    const nextTryAt = textAfter(minutes(30));
    const tried = await attempt(minutes(20), { nextTryAt });
    expect(tried).toMatchObject({ waitingUntil: textAfter(minutes(65)) });
    expect(await offerRow()).toMatchObject({
      nextTryAt: after(minutes(30)),
      contactRemindAt: after(minutes(35)),
    });
  });

  test('gives no more than policy, whatever an older API let pass', async () => {
    const tried = await attempt(minutes(20), { nextTryAt: textAfter(hours(100)) });
    expect(tried).toMatchObject({ waitingUntil: textAfter(tuesdayAtEight) });
  });

  test('whose next one was over when an outage ended gets the time that policy gives from then', async () => {
    const { recordOutcome } = activitiesOn(harness.db, aPolicy(), () => after(hours(26)));
    const report = { ...offer, outcome: 'attempted' as const, nextTryAt: textAfter(hours(2)) };
    const tried = await recordOutcome({ ...report, at: textAfter(minutes(20)) });
    expect(tried).toMatchObject({ waitingUntil: textAfter(hours(48)) });
  });

  test('can be reported three times; then the agent has made a full effort', async () => {
    for (const count of [1, 2, 3]) await attempt(minutes(20 + count));
    const refusal = await attempt(minutes(30)).catch(refusalOf);
    expect(refusal).toMatchObject({ type: 'not-allowed-now', details: { attempts: 3 } });
    expect(await offerRow()).toMatchObject({ attempts: 3 });
    expect(await notices('agent-tried')).toHaveLength(3);
  });

  test('brings a reminder of its own, once, besides the one before it', async () => {
    const remind = (ms: number) => harness.activities.remindOfContact({ ...offer, at: textAfter(ms) });
    await remind(minutes(35));
    await attempt(minutes(40));
    for (const ms of [hours(23), hours(23) + 1]) await remind(ms);
    expect(await notices('contact-reminder')).toHaveLength(2);
  });

  test('is no outcome that a referral closes with, and first contact ends the tries', async () => {
    await attempt(minutes(20));
    const match = { referralId: offer.referralId, woken: false, at: textAfter(minutes(30)) };
    expect(await harness.activities.matchReferral(match)).toMatchObject({
      offer: {
        accepted: { phase: 'accepted', deadlineAt: textAfter(tuesdayAtNine), remindAt: textAfter(hours(23)) },
      },
    });
    await harness.activities.endOffer({
      ...offer,
      end: 'closed-by-ops',
      by: 'service',
      at: textAfter(minutes(31)),
    });
    const over = await harness.activities.matchReferral({ ...match, at: textAfter(minutes(32)) });
    expect(over).toMatchObject({ found: 'over', because: 'closed-by-ops' });
    expect(over).not.toHaveProperty('outcome');
  });

  test('that is not followed by another ends as silent at the new deadline', async () => {
    await attempt(minutes(20));
    const end = { ...offer, end: 'silent', by: 'clock' } as const;
    const ended = await harness.activities.endOffer({ ...end, at: textAfter(hours(24) + 5) });
    expect(ended).toMatchObject({ end: 'silent', endedAt: textAfter(tuesdayAtNine) });
  });
});
