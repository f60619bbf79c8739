import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  accept,
  closeByOps,
  decline,
  matchAgain,
  offerUnreachable,
  rescindOffer,
  withdraw,
} from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
  ana,
  ben,
  carla,
  endOfOffer,
  offeredReferral,
  offerNumbered,
  queuedReferral,
} from './scenarios/referral-scenarios.ts';
import { attributesOf, openWorkflowHarness } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

/** Two instants within this many milliseconds count as simultaneous. */
const simultaneousMs = 10_000;
const between = (earlier: Date, later: Date) => later.getTime() - earlier.getTime();

describe('an offer', () => {
  test('nobody answers for 15 minutes: the next agent is asked', async () => {
    const { about, offer } = await offeredReferral(harness, [ana, ben]);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14, seconds: 30 }));
    expect(about.offers).toHaveLength(1);

    await harness.passUntil(addTime(offer.offeredAt, { minutes: 15 }));
    const next = await offerNumbered(about, 2);
    expect(offer).toMatchObject({ npn: ana, end: 'expired', endedBy: 'clock' });
    expect(next.npn).toBe(ben);
    expect(between(offer.expiresAt, next.offeredAt)).toBeLessThan(simultaneousMs);
    expect(about.candidates).toEqual([]);
  });

  test('an agent declines: the next one is asked at once', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const answer = await handle.executeUpdate(decline, {
      args: [{ offerId: offer.offerId, reason: 'too-busy' }],
    });
    const next = await offerNumbered(about, 2);
    expect(offer).toMatchObject({ end: 'declined', endedBy: 'agent' });
    expect(answer.endedAt).toBe(offer.endedAt?.toISOString());
    expect(next.npn).toBe(ben);
    expect(between(offer.offeredAt, next.offeredAt)).toBeLessThan(simultaneousMs);
  });

  test('goes out over every channel the agent prefers, and nothing goes to the consumer', async () => {
    const { about, offer } = await offeredReferral(harness, [ana]);
    await eventually(() => expect(harness.delivery.sentBy(about.workflowId)).toHaveLength(2));
    const sent = harness.delivery.sentBy(about.workflowId);
    expect(sent.map(({ kind, to, channel }) => `${kind} to ${to} by ${channel}`).toSorted()).toEqual([
      `offer to ${ana} by email`,
      `offer to ${ana} by text`,
    ]);
    await harness.passUntil(offer.expiresAt);
    await endOfOffer(offer);
    const again = harness.delivery.sentBy(about.workflowId).filter(({ kind }) => kind === 'offer');
    expect(again).toHaveLength(2);
  });

  test('shows ops its stage, its number and until when it waits', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.executeUpdate(decline, { args: [{ offerId: offer.offerId, reason: 'not-my-area' }] });
    const next = await offerNumbered(about, 2);
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'offering',
        State: 'TX',
        OfferNumber: 2,
        WaitingUntil: next.expiresAt,
      }),
    );
  });
});

describe('an agent who cannot be reached', () => {
  test('every channel refuses: the offer ends as unreachable and the next agent is asked at once', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    harness.delivery.useProvider(about.workflowId, ({ to }) => (to === ana ? 'refused' : 'sent'));
    await harness.startReferral(about);
    const next = await offerNumbered(about, 2);
    expect(about.offers[0]).toMatchObject({ end: 'unreachable', endedBy: 'service' });
    expect(next.npn).toBe(ben);
    expect(between((await offerNumbered(about, 1)).offeredAt, next.offeredAt)).toBeLessThan(simultaneousMs);
  });

  test('every channel refuses what the agent has seen in an open inbox: they have the whole 15 minutes', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    harness.delivery.useProvider(about.workflowId, ({ to }) => {
      for (const offer of about.offers) offer.isSeen = true;
      return to === ana ? 'refused' : 'sent';
    });
    await harness.startReferral(about);
    const offer = await offerNumbered(about, 1);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(offer.expiresAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired', endedBy: 'clock' });
  });

  test('one channel refuses and another takes it: the agent has the whole 15 minutes', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    harness.delivery.useProvider(about.workflowId, ({ channel }) =>
      channel === 'text' ? 'refused' : 'sent',
    );
    await harness.startReferral(about);
    const offer = await offerNumbered(about, 1);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(offer.expiresAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
  });

  test('an agent without any channel is not waited for', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    about.agentChannels = [];
    await harness.startReferral(about);
    expect(await endOfOffer(await offerNumbered(about, 1))).toMatchObject({ end: 'unreachable' });
  });

  test('all channels refuse while a message to the consumer gets through: the next is asked at once too', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    const { workflowId: owner } = about;
    harness.delivery.write({ owner, kind: 'referral-received', to: 'consumer', channels: ['email'] });
    harness.delivery.useProvider(owner, ({ to }) => (to === ana ? 'refused' : 'sent'));
    await harness.startReferral(about);
    const offer = await offerNumbered(about, 1);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 1 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'unreachable' });
  });

  test('the providers are out for 5 minutes: the message goes out then, and the offer ends at its own time', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    const backAt = addTime(await harness.now(), { minutes: 5 });
    harness.delivery.useProvider(about.workflowId, (_attempt, at) => {
      if (at < backAt) throw new Error('503');
      return 'sent';
    });
    await harness.startReferral(about);
    const offer = await offerNumbered(about, 1);
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14 }));
    const sent = harness.delivery.sentBy(about.workflowId).filter(({ kind }) => kind === 'offer');
    expect(sent.map(({ channel }) => channel).toSorted()).toEqual(['email', 'text']);
    for (const { at } of sent) expect(between(backAt, at)).toBeLessThan(60_000);
    expect(offer.end).toBeUndefined();
    await harness.passUntil(offer.expiresAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
    expect(between(offer.expiresAt, (await endOfOffer(offer)).endedAt)).toBeLessThan(simultaneousMs);
  });

  test('the providers are out for the whole window: the offer ends as unreachable, not as expired', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    harness.delivery.useProvider(about.workflowId, ({ to }) => {
      if (to === ana) throw new Error('503');
      return 'sent';
    });
    await harness.startReferral(about);
    const offer = await offerNumbered(about, 1);
    await harness.passUntil(offer.expiresAt);
    expect(await endOfOffer(offer)).toMatchObject({ end: 'unreachable' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });
});

describe('nobody is available', () => {
  test('the referral waits, and matches again by itself after an hour', async () => {
    const about = await queuedReferral(harness, []);
    const handle = await harness.startReferral(about);
    await eventually(() => expect(about).toMatchObject({ stage: 'queued', causes: ['nobody-available'] }));
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({ Stage: 'queued', Causes: ['nobody-available'] }),
    );
    about.candidates.push(ana);
    await harness.passUntil(addTime(about.since, { minutes: 59, seconds: 30 }));
    expect(about.offers).toEqual([]);
    await harness.passUntil(addTime(about.since, { hours: 1 }));
    expect((await offerNumbered(about, 1)).npn).toBe(ana);
  });

  test('woken for capacity that may have become free, it matches at once', async () => {
    const about = await queuedReferral(harness, []);
    const handle = await harness.startReferral(about);
    await eventually(() => expect(about.activityCalls).toEqual(['matchReferral']));
    about.candidates.push(ana);
    await handle.signal(matchAgain, { isQueued: true });
    expect(between(about.since, (await offerNumbered(about, 1)).offeredAt)).toBeLessThan(simultaneousMs);
  });

  test('capacity that becomes free during a match is not overlooked', async () => {
    const about = await queuedReferral(harness, []);
    const matching = about.injectedFaults.holdAnswer('matchReferral');
    const handle = await harness.startReferral(about);
    await matching.reached;
    about.candidates.push(ana);
    await handle.signal(matchAgain, { isQueued: true });
    matching.release();
    expect(between(about.since, (await offerNumbered(about, 1)).offeredAt)).toBeLessThan(simultaneousMs);
    expect(about.matchesWoken).toEqual([false, true]);
  });

  test('capacity that becomes free while a match finds somebody is left to the next', async () => {
    const about = await queuedReferral(harness, [ana]);
    const matching = about.injectedFaults.holdAnswer('matchReferral');
    const handle = await harness.startReferral(about);
    await matching.reached;
    await handle.signal(matchAgain, { isQueued: true });
    matching.release();
    await eventually(() => expect(about.matchesWoken).toEqual([false, true]));
    expect(about.offers).toHaveLength(1);
  });

  test('after 4 hours it ends as unmatched, and the consumer learns where else to get help', async () => {
    const about = await queuedReferral(harness, [ana]);
    const handle = await harness.startReferral(about);
    await harness.passUntil(about.budgetEndsAt);
    await eventually(() => expect(about.closedAt).toBeDefined());
    expect(await handle.result()).toBe('unmatched');
    expect(about.offers.map(({ end }) => end)).toEqual(['expired']);
    expect(about.closedAt?.getTime()).toBeGreaterThanOrEqual(about.budgetEndsAt.getTime());
    expect(between(about.budgetEndsAt, about.closedAt ?? new Date(0))).toBeLessThan(simultaneousMs);
    expect(harness.delivery.sentBy(about.workflowId).at(-1)).toMatchObject({
      kind: 'unmatched',
      to: 'consumer',
    });
    expect(await attributesOf(handle)).toMatchObject({ Stage: 'unmatched' });
  });
});

describe('a referral is woken while an offer runs', () => {
  test('that is overdue by its row: it ends, and the next agent is asked', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    offer.expiresAt = offer.offeredAt;
    await handle.signal(matchAgain, { isQueued: false });
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired', endedBy: 'clock' });
    expect(between(offer.offeredAt, (await offerNumbered(about, 2)).offeredAt)).toBeLessThan(simultaneousMs);
  });

  test('that the row has ended: the next agent is asked', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    Object.assign(offer, { end: 'declined', endedAt: offer.offeredAt, endedBy: 'agent' });
    await handle.signal(matchAgain, { isQueued: false });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    expect(offer.end).toBe('declined');
  });

  test('that is in order: nothing changes', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.signal(matchAgain, { isQueued: false });
    await eventually(() => expect(about.matchesWoken).toEqual([false, false]));
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 14 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 15, seconds: 1 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
    const sent = harness.delivery
      .sentBy(about.workflowId)
      .filter(({ kind, to }) => kind === 'offer' && to === ana);
    expect(sent).toHaveLength(about.agentChannels.length);
  });

  test('whose consent was rescinded: it ends as withdrawn, and no agent is blamed', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    about.consentRescinded = true;
    await handle.signal(matchAgain, { isQueued: false });
    expect(await handle.result()).toBe('withdrawn');
    expect(offer).toMatchObject({ end: 'withdrawn', endedBy: 'consumer' });
    expect(about.offers).toHaveLength(1);
  });
});

describe('the consumer withdraws', () => {
  test('while an agent is asked: the offer ends, nobody else is asked, and the agent is not bothered', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const answer = await handle.executeUpdate(withdraw);
    expect(answer).toEqual({ stage: 'withdrawn', since: about.since.toISOString() });
    expect(offer).toMatchObject({ end: 'withdrawn', endedBy: 'consumer' });
    expect(await handle.result()).toBe('withdrawn');
    expect(about.candidates).toEqual([ben]);
    expect(harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind)).not.toContain('offer-over');
  });

  test('while nobody is available: the referral closes at once', async () => {
    const about = await queuedReferral(harness, []);
    const handle = await harness.startReferral(about);
    await eventually(() => expect(about.stage).toBe('queued'));
    expect(await handle.executeUpdate(withdraw)).toMatchObject({ stage: 'withdrawn' });
    expect(await handle.result()).toBe('withdrawn');
    expect(about.offers).toEqual([]);
  });
});

describe('ops end a referral', () => {
  test('while an agent is asked: the offer ends, nobody else is asked, and the consumer hears that it is closed', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.signal(closeByOps);
    expect(await handle.result()).toBe('closed');
    expect(offer).toMatchObject({ end: 'closed-by-ops', endedBy: 'service' });
    expect(about.offers).toHaveLength(1);
    expect(about.stage).toBe('closed');
  });

  test('while it waits for an agent', async () => {
    const about = await queuedReferral(harness, []);
    const handle = await harness.startReferral(about);
    await eventually(() => expect(about.stage).toBe('queued'));
    await handle.signal(closeByOps);
    expect(await handle.result()).toBe('closed');
  });

  test('that an agent has accepted: the agent may help no more', async () => {
    const { handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
    await handle.signal(closeByOps);
    expect(await handle.result()).toBe('closed');
    expect(offer).toMatchObject({ end: 'closed-by-ops' });
  });
});

describe('a message that was taken comes back', () => {
  test('from every channel: the offer is unreachable before its time, and the next agent is asked', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.signal(offerUnreachable, { offerId: offer.offerId });
    expect(await endOfOffer(offer)).toMatchObject({ end: 'unreachable', endedBy: 'service' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('after the agent has accepted: nothing changes', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
    await handle.signal(offerUnreachable, { offerId: offer.offerId });
    await harness.passUntil(addTime(offer.offeredAt, { minutes: 30 }));
    expect(offer.end).toBeUndefined();
    expect(about.offers).toHaveLength(1);
  });
});

describe('an agent may no longer help', () => {
  test('the open offer is rescinded and the next agent is asked at once', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await handle.signal(rescindOffer, { offerId: offer.offerId });
    expect(await endOfOffer(offer)).toMatchObject({ end: 'rescinded', endedBy: 'service' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('a rescission that names another offer than the open one is ignored', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben, carla]);
    await handle.executeUpdate(decline, { args: [{ offerId: offer.offerId, reason: 'other' }] });
    const next = await offerNumbered(about, 2);
    await handle.signal(rescindOffer, { offerId: offer.offerId });
    await harness.passUntil(addTime(next.offeredAt, { minutes: 14 }));
    expect(next.end).toBeUndefined();
    expect(about.offers).toHaveLength(2);
  });
});

describe('Postgres is away', () => {
  test('while an offer is to be written: it is made when Postgres is back, and nothing is lost', async () => {
    const about = await queuedReferral(harness, [ana]);
    about.injectedFaults.fail('matchReferral');
    const startedAt = await harness.now();
    await harness.startReferral(about);
    await harness.passUntil(addTime(startedAt, { minutes: 20 }));
    about.injectedFaults.clear();
    await harness.passUntil(addTime(startedAt, { minutes: 21 }));
    const offer = await offerNumbered(about, 1);
    expect(offer.npn).toBe(ana);
    expect(about.offers).toHaveLength(1);
  });

  test('when an offer expires: it ends when Postgres is back, once, and the next agent is asked', async () => {
    const { about, offer } = await offeredReferral(harness, [ana, ben]);
    about.injectedFaults.fail('endOffer');
    await harness.passUntil(addTime(offer.expiresAt, { minutes: 10 }));
    expect(offer.end).toBeUndefined();
    about.injectedFaults.clear();
    await harness.passUntil(addTime(offer.expiresAt, { minutes: 11 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    expect(about.activityCalls.filter((name) => name === 'endOffer')).toHaveLength(1);
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
