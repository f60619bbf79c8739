import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import { askAnother, confirmContact, matchAgain, reportOutcome, withdraw } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
  acceptedReferral,
  ana,
  ben,
  contactedReferral,
  endOfOffer,
  offerNumbered,
  reportNext,
} from './scenarios/referral-scenarios.ts';
import { attributesOf, openWorkflowHarness, refusalFrom } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

const noticesOf = ({ workflowId }: { workflowId: string }) =>
  harness.delivery.sentBy(workflowId).map(({ kind, to }) => `${kind} to ${to}`);

describe('an agent has accepted', () => {
  test('the consumer learns who will call, and the agent has 60 minutes for it', async () => {
    const { about, handle, offer, acceptedAt } = await acceptedReferral(harness, [ana, ben]);
    expect(acceptedAt).toBe(offer.acceptedAt?.toISOString());
    await eventually(() => expect(noticesOf(about)).toContain('agent-found to consumer'));
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'accepted',
        WaitingUntil: addTime(new Date(acceptedAt), { minutes: 60 }),
      }),
    );
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 59 }));
    expect(offer.end).toBeUndefined();
  });

  test('and does not call within 60 minutes: both are notified, and the next agent is asked', async () => {
    const { about, offer, acceptedAt } = await acceptedReferral(harness, [ana, ben]);
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 60 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent', endedBy: 'clock' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    await eventually(() =>
      expect(noticesOf(about)).toEqual(
        expect.arrayContaining([`offer-over to ${ana}`, 'agent-gone to consumer', `offer to ${ben}`]),
      ),
    );
  });

  test('is reminded at half of the time, once, and not any more after calling', async () => {
    const { about, handle, offer, acceptedAt } = await acceptedReferral(harness, [ana, ben]);
    const reminders = () => about.activityCalls.filter((name) => name === 'remindOfContact');
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 29 }));
    expect(reminders()).toEqual([]);
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 45 }));
    await eventually(() => expect(noticesOf(about)).toContain(`contact-reminder to ${ana}`));
    expect(reminders()).toHaveLength(1);
    const { offerId } = offer;
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    await harness.passUntil(addTime(new Date(acceptedAt), { hours: 3 }));
    expect(reminders()).toHaveLength(1);
    expect(offer.end).toBeUndefined();
  });

  test('who has called at once is not reminded', async () => {
    const { about, acceptedAt } = await contactedReferral(harness, [ana]);
    await harness.passUntil(addTime(new Date(acceptedAt), { hours: 2 }));
    expect(noticesOf(about)).not.toContain(`contact-reminder to ${ana}`);
  });

  test('and the consumer says that nobody called: the agent is reminded at once, and the clock runs on', async () => {
    const { about, handle, offer, acceptedAt } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(confirmContact, { args: [{ offerId, called: false }] });
    expect(answer).toMatchObject({ stage: 'accepted' });
    await eventually(() => expect(noticesOf(about)).toContain(`contact-reminder to ${ana}`));
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 60 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent' });
  });

  test('and the consumer says that the agent called: that is first contact', async () => {
    const { handle, offer, acceptedAt } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(confirmContact, { args: [{ offerId, called: true }] });
    expect(answer).toMatchObject({ stage: 'contacted' });
    await harness.passUntil(addTime(new Date(acceptedAt), { hours: 5 }));
    expect(offer.end).toBeUndefined();
  });

  test('and the consumer wants somebody else: the agent is asked not to call, and the next one is asked', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(askAnother, { args: [{ offerId }] });
    expect(answer).toMatchObject({ stage: 'offering' });
    expect(offer).toMatchObject({ end: 'another-asked', endedBy: 'consumer' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    await eventually(() => expect(noticesOf(about)).toContain(`offer-over to ${ana}`));
    expect(noticesOf(about)).not.toContain('agent-gone to consumer');
  });

  test('and the number is wrong: it waits for the consumer to correct it, and then goes on', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'wrong-number' }],
    });
    expect(answer).toMatchObject({ stage: 'queued' });
    await eventually(() => expect(noticesOf(about)).toContain('contact-wrong to consumer'));
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({ Stage: 'queued', Causes: ['contact-wrong'] }),
    );
    // an agent who becomes free meanwhile does not change that
    await handle.signal(matchAgain, { isQueued: true });
    await harness.passUntil(addTime(await harness.now(), { hours: 20 }));
    expect(about.offers).toHaveLength(1);

    about.contactWrong = false;
    await handle.signal(matchAgain, { isQueued: true });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('and the number is wrong and stays so: the referral ends after the time to correct it', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'wrong-number' }] });
    await harness.passUntil(addTime(offer.endedAt ?? new Date(0), { days: 3, minutes: 1 }));
    expect(await handle.result()).toBe('unmatched');
    expect(about.candidates).toEqual([ben]);
  });

  test('and hands it back with a reason: the consumer is notified, and the next agent is asked at once', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    expect(answer).toMatchObject({ stage: 'offering' });
    expect(offer).toMatchObject({ end: 'handed-back', endedBy: 'agent' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    await eventually(() => expect(noticesOf(about)).toContain('agent-gone to consumer'));
    expect(noticesOf(about)).not.toContain(`offer-over to ${ana}`);
  });

  test('cannot report an enrollment before having reached the consumer', async () => {
    const { handle, offer } = await acceptedReferral(harness, [ana]);
    const { offerId } = offer;
    const report = handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'enrolled' }] });
    expect(await refusalFrom(report)).toBe('not-allowed-now');
    expect(offer.end).toBeUndefined();
  });

  test('and the consumer withdraws: the agent is notified, nobody else is asked', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    expect(await handle.executeUpdate(withdraw)).toMatchObject({ stage: 'withdrawn' });
    expect(offer).toMatchObject({ end: 'withdrawn', endedBy: 'consumer' });
    expect(await handle.result()).toBe('withdrawn');
    expect(noticesOf(about)).toContain(`offer-over to ${ana}`);
    expect(about.candidates).toEqual([ben]);
  });
});

describe('an agent has reached the consumer', () => {
  test('and enrolls them: the referral closes with that outcome', async () => {
    const { about, handle, offer } = await contactedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const answer = await reportNext(handle, { offerId, outcome: 'enrolled' });
    expect(answer).toMatchObject({ stage: 'closed' });
    expect(await handle.result()).toBe('closed');
    expect(about).toMatchObject({ stage: 'closed', outcome: 'enrolled', candidates: [ben] });
    expect(noticesOf(about)).not.toContain(`offer-over to ${ana}`);
    expect(offer).toMatchObject({ end: 'closed', endedBy: 'agent' });
  });

  test('and quotes first: the referral stays with the agent until the outcome is known', async () => {
    const { about, handle, offer } = await contactedReferral(harness, [ana]);
    const { offerId } = offer;
    const quoted = await reportNext(handle, { offerId, outcome: 'quoted' });
    expect(quoted).toMatchObject({ stage: 'contacted' });
    await reportNext(handle, { offerId, outcome: 'not-a-good-prospect', reason: 'has-other-coverage' });
    expect(await handle.result()).toBe('closed');
    expect(about.outcome).toBe('not-a-good-prospect');
  });

  test('the 60 minutes to call no longer count', async () => {
    const { offer, acceptedAt } = await contactedReferral(harness, [ana, ben]);
    await harness.passUntil(addTime(new Date(acceptedAt), { hours: 24 }));
    expect(offer.end).toBeUndefined();
  });

  test('and says nothing more for 30 days: the referral closes by the clock', async () => {
    const { about, handle, offer } = await contactedReferral(harness, [ana, ben]);
    const closesAt = addTime(offer.contactedAt ?? new Date(0), { days: 30 });
    await harness.passUntil(addTime(closesAt, { minutes: -1 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(closesAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'closed', endedBy: 'clock' });
    expect(await handle.result()).toBe('closed');
    expect(about).toMatchObject({ stage: 'closed', outcome: 'contacted', candidates: [ben] });
    // the agent did not close it, and may no longer use the contact
    expect(noticesOf(about)).toContain(`offer-over to ${ana}`);
  });

  test('and puts it off: it closes by itself only 30 days after that day', async () => {
    const { about, handle, offer } = await contactedReferral(harness, [ana]);
    const { offerId, contactedAt = new Date(0) } = offer;
    const until = marketplaceDateAt(addTime(contactedAt, { days: 20 }));
    await reportNext(handle, { offerId, outcome: 'deferred', until });
    await harness.passUntil(addTime(contactedAt, { days: 45 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(addTime(contactedAt, { days: 52 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'closed', endedBy: 'clock' });
    expect(await handle.result()).toBe('closed');
    expect(about.outcome).toBe('deferred');
  });

  test('and hands it back even then: the next agent is asked', async () => {
    const { about, handle, offer } = await contactedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    await reportNext(handle, { offerId, outcome: 'handed-back', reason: 'no-contact-after-attempts' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
