import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../domain/failures.ts';
import {
  accept,
  closeByOps,
  decline,
  matchAgain,
  reportOutcome,
  rescindOffer,
  withdraw,
} from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import { createGate } from './scenarios/injected-faults.ts';
import type { OfferRecord } from './scenarios/referral-case.ts';
import {
  acceptedReferral,
  ana,
  ben,
  endOfOffer,
  offeredReferral,
  offerNumbered,
  openOfferOf,
  queuedReferral,
  reportNext,
} from './scenarios/referral-scenarios.ts';
import { openWorkflowHarness, refusalFrom } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

describe('answer at the deadline', () => {
  test('accepted at 14:59 the offer is the agent’s', async () => {
    const { handle, offer } = await offeredReferral(harness, [ana, ben]);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14, seconds: 30 }));
    await handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
    expect(offer.acceptedAt).toBeDefined();
    await harness.passUntil(addTime(offer.expiresAt, { minutes: 5 }));
    expect(offer.end).toBeUndefined();
  });

  test('accepted at 15:00 it has ended', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await harness.passUntil(offer.expiresAt);
    const late = handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
    expect(await refusalFrom(late)).toBe('offer-ended');
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('an acceptance that was begun in time and is written only at 15:05 counts', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14, seconds: 30 }));
    about.injectedFaults.fail('acceptOffer');
    const answer = await handle.startUpdate(accept, {
      args: [{ offerId: offer.offerId }],
      waitForStage: 'ACCEPTED',
    });
    await harness.passUntil(addTime(offer.expiresAt, { minutes: 5 }));
    expect(offer.end).toBeUndefined();
    about.injectedFaults.clear();
    await harness.passUntil(addTime(offer.expiresAt, { minutes: 6 }));
    const { acceptedAt } = await answer.result();
    expect(new Date(acceptedAt).getTime()).toBeLessThan(offer.expiresAt.getTime());
    expect(about.stage).toBe('accepted');
    expect(about.offers).toHaveLength(1);
  });
});

describe('accept twice', () => {
  test('a repeat of the same update gets the first answer, and the activity runs once', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana]);
    const { offerId } = offer;
    const updateId = `accept ${offerId}`;
    const first = await handle.executeUpdate(accept, { args: [{ offerId }], updateId });
    const second = await handle.executeUpdate(accept, { args: [{ offerId }], updateId });
    expect(second).toEqual(first);
    expect(about.activityCalls.filter((name) => name === 'acceptOffer')).toHaveLength(1);
  });

  test('a second answer while the first is being written is asked to retry', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana]);
    const { offerId } = offer;
    const writing = about.injectedFaults.hold('acceptOffer');
    const first = handle.executeUpdate(accept, { args: [{ offerId }] });
    await writing.reached;
    expect(await refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }))).toBe('offer-busy');
    const declined = handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });
    expect(await refusalFrom(declined)).toBe('offer-busy');
    writing.release();
    expect(await first).toEqual({ acceptedAt: offer.acceptedAt?.toISOString() });
  });

  test('an accepted offer cannot be declined or accepted anew', async () => {
    const { handle, offer } = await acceptedReferral(harness, [ana]);
    const { offerId } = offer;
    const declined = handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });
    expect(await refusalFrom(declined)).toBe('not-allowed-now');
    expect(await refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }))).toBe('not-allowed-now');
    expect(offer.end).toBeUndefined();
  });
});

describe('accept an offer that is being made', () => {
  test('seen in the inbox before the workflow has it, it is answered on the second try', async () => {
    const about = await queuedReferral(harness, [ana]);
    const making = about.injectedFaults.holdAnswer('matchReferral');
    const handle = await harness.startReferral(about);
    await making.reached;
    const { offerId } = await offerNumbered(about, 1);
    expect(await refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }))).toBe('offer-busy');
    making.release();
    await openOfferOf(harness, about, 1);
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    expect(about.stage).toBe('accepted');
  });
});

describe('accept an old offer', () => {
  test('it has ended, and the open one is not touched', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    await handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });
    const next = await offerNumbered(about, 2);
    expect(await refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }))).toBe('offer-ended');
    expect(next).toMatchObject({ acceptedAt: undefined, end: undefined });
  });

  test('the outcome of one that was handed back is not taken any more', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    await offerNumbered(about, 2);
    const late = handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    expect(await refusalFrom(late)).toBe('offer-ended');
  });
});

describe('the consumer withdraws at the same moment', () => {
  test('as the agent accepts: the acceptance is finished first, then the offer ends and the agent is notified', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const writing = about.injectedFaults.hold('acceptOffer');
    const acceptance = handle.executeUpdate(accept, { args: [{ offerId }] });
    await writing.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    expect(offer.end).toBeUndefined();
    writing.release();
    expect(await acceptance).toEqual({ acceptedAt: offer.acceptedAt?.toISOString() });
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect(offer.end).toBe('withdrawn');
    expect(about.activityCalls).toEqual(['matchReferral', 'acceptOffer', 'endOffer', 'closeReferral']);
    await handle.result();
    const kinds = harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind);
    expect(kinds).toContain('offer-over');
  });

  test('as the agent declines: the declination stays, and nobody else is asked', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const writing = about.injectedFaults.hold('endOffer');
    const declination = handle.executeUpdate(decline, {
      args: [{ offerId: offer.offerId, reason: 'too-busy' }],
    });
    await writing.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    await declination;
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect(offer.end).toBe('declined');
    expect(about.candidates).toEqual([ben]);
  });

  test('as the next agent is looked for: the reserved offer ends, and that agent is not troubled', async () => {
    const about = await queuedReferral(harness, [ana]);
    const looking = about.injectedFaults.hold('matchReferral');
    const handle = await harness.startReferral(about);
    await looking.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    looking.release();
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect(about.offers).toMatchObject([{ npn: ana, end: 'withdrawn' }]);
    await handle.result();
    expect(harness.delivery.sentBy(about.workflowId)).toEqual([]);
  });

  test('as the agent reports an enrollment: the report is finished first, and the referral is closed', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana]);
    const { offerId } = offer;
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    const writing = about.injectedFaults.hold('recordOutcome');
    const report = reportNext(handle, { offerId, outcome: 'enrolled' });
    await writing.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    expect(await report).toMatchObject({ stage: 'closed' });
    expect(await withdrawal.result()).toMatchObject({ stage: 'closed' });
    expect(about.outcome).toBe('enrolled');
  });

  test('as the agent hands it back: both are answered, and nobody else is asked', async () => {
    const { about, handle, offer } = await acceptedReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const writing = about.injectedFaults.hold('endOffer');
    const report = handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    await writing.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    expect(await report).toMatchObject({ stage: 'withdrawn' });
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect(about.candidates).toEqual([ben]);
  });

  test('as an agent becomes free for it: that capacity goes to the next referral', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const writing = about.injectedFaults.hold('endOffer');
    const declination = handle.executeUpdate(decline, {
      args: [{ offerId: offer.offerId, reason: 'too-busy' }],
    });
    await writing.reached;
    await handle.signal(matchAgain, { isQueued: true });
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    await declination;
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect(about).toMatchObject({ isClosedWoken: true, candidates: [ben] });
  });

  test('as a message to the agent is on its way: the withdrawal does not wait for it', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    const sending = createGate();
    harness.delivery.useProvider(about.workflowId, async ({ channel }) => {
      if (channel === 'text') await sending.pass();
      return 'sent' as const;
    });
    const handle = await harness.startReferral(about);
    await sending.reached;
    expect(await handle.executeUpdate(withdraw)).toMatchObject({ stage: 'withdrawn' });
    expect(about.offers).toMatchObject([{ end: 'withdrawn' }]);
    sending.release();
    expect(await handle.result()).toBe('withdrawn');
  });

  test('as somebody else does: both get the same answer', async () => {
    const { about, handle } = await offeredReferral(harness, [ana]);
    const writing = about.injectedFaults.hold('endOffer');
    const first = handle.executeUpdate(withdraw);
    await writing.reached;
    const second = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    expect(await second.result()).toEqual(await first);
  });
});

describe('an agent may no longer help at the same moment', () => {
  test('as the agent accepts: the acceptance is finished first, then the offer is rescinded', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const writing = about.injectedFaults.hold('acceptOffer');
    const acceptance = handle.executeUpdate(accept, { args: [{ offerId }] });
    await writing.reached;
    await handle.signal(rescindOffer, { offerId });
    writing.release();
    expect(await acceptance).toEqual({ acceptedAt: offer.acceptedAt?.toISOString() });
    expect(await endOfOffer(offer)).toMatchObject({ end: 'rescinded' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    await eventually(() => {
      const kinds = harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['offer-over', 'agent-gone']));
    });
  });

  test('as their offer is being made: it is rescinded as soon as the workflow has it', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    const making = about.injectedFaults.holdAnswer('matchReferral');
    const handle = await harness.startReferral(about);
    await making.reached;
    const offer = await offerNumbered(about, 1);
    await handle.signal(rescindOffer, { offerId: offer.offerId });
    making.release();
    expect(await endOfOffer(offer)).toMatchObject({ end: 'rescinded' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('an acceptance after the rescission comes too late', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    const writing = about.injectedFaults.hold('endOffer');
    await handle.signal(rescindOffer, { offerId });
    await writing.reached;
    expect(await refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }))).toBe('offer-ended');
    writing.release();
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });
});

test('a referral that is woken and withdrawn at the same moment leaves the capacity to the next', async () => {
  const { about, handle, offer } = await offeredReferral(harness, [ana]);
  const writing = about.injectedFaults.hold('acceptOffer');
  const acceptance = handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
  await writing.reached;
  await handle.signal(matchAgain, { isQueued: true });
  const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
  writing.release();
  await acceptance;
  expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
  expect(about.matchesWoken).toEqual([false]);
  expect(about.isClosedWoken).toBe(true);
});

describe('a worker recorded something and died before Temporal knew', () => {
  test('an acceptance: told of it by a signal, the run follows the row before the time to answer is over', async () => {
    const { handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    acceptUnknown(offer);
    await handle.signal(matchAgain, { isQueued: false });
    // refused until the run has read the row
    const report = () => handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    await eventually(report);
    expect(offer).toMatchObject({ end: undefined, outcome: 'contacted' });
  });

  test('an acceptance: the clock ends no accepted offer, and the time to call is that of the row', async () => {
    const { about, offer } = await offeredReferral(harness, [ana, ben]);
    const { acceptedAt, contactDueAt } = acceptUnknown(offer);
    await harness.passUntil(addTime(acceptedAt, { minutes: 30 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(contactDueAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('an acceptance: a decline after it is not allowed, and the agent can report', async () => {
    const { handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    acceptUnknown(offer);
    const declined = handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });
    expect(await refusalFrom(declined)).toBe('not-allowed-now');
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    expect(offer.end).toBeUndefined();
  });

  /** Writes an acceptance into the row alone. */
  function acceptUnknown(offer: OfferRecord) {
    const acceptedAt = addTime(offer.offeredAt, { minutes: 1 });
    const contactDueAt = addTime(acceptedAt, { minutes: 60 });
    Object.assign(offer, { acceptedAt, contactDueAt });
    return { acceptedAt, contactDueAt };
  }
});

test('a run that begins with its end reads what is open first, and ends it', async () => {
  const about = await queuedReferral(harness, [ana, ben]);
  const { referralId } = about;
  const { activities } = harness.referrals;
  const at = () => harness.now().then((now) => now.toISOString());
  await activities.matchReferral({ referralId, at: await at(), woken: false });
  const offer = await offerNumbered(about, 1);
  await activities.acceptOffer({ referralId, offerId: offer.offerId, at: await at() });
  const handle = await harness.restartReferral(about, closeByOps);
  expect(await handle.result()).toBe('closed');
  expect(offer).toMatchObject({ end: 'closed-by-ops' });
  expect(about.offers).toHaveLength(1);
});

describe('an activity that is refused', () => {
  test('answers the agent with that refusal, and the offer lives on to its own end', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    about.injectedFaults.refuseOnce('acceptOffer', 'not-eligible');
    const failure = await handle
      .executeUpdate(accept, { args: [{ offerId }] })
      .catch((error: unknown) => error);
    expect(refusalOf(failure)).toMatchObject({ type: 'not-eligible', message: 'The activity is refused.' });
    expect(offer).toMatchObject({ acceptedAt: undefined, end: undefined });
    await harness.passUntil(offer.expiresAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
