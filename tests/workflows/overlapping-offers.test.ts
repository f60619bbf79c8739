import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { accept, decline, offerUnreachable, rescindOffer, withdraw } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import type { OfferRecord } from './scenarios/referral-case.ts';
import {
  ana,
  ben,
  carla,
  endOfOffer,
  offerNumbered,
  openOfferOf,
  queuedReferral,
} from './scenarios/referral-scenarios.ts';
import { openWorkflowHarness, refusalFrom } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

const overlap = { afterMs: 4 * 60_000, atOnce: 2 };

/** Starts a referral that is offered to the first agent, and four minutes later to the second one too. */
async function offeredToTwo(candidates: readonly string[], change = overlap) {
  const about = await queuedReferral(harness, candidates);
  about.overlap = change;
  const handle = await harness.startReferral(about);
  const first = await openOfferOf(harness, about, 1);
  await harness.passUntil(addTime(first.offeredAt, { minutes: 4 }));
  const second = await openOfferOf(harness, about, 2);
  return { about, handle, first, second };
}

type Scenario = Awaited<ReturnType<typeof offeredToTwo>>;
const answer = ({ handle }: Scenario, { offerId }: OfferRecord) =>
  handle.executeUpdate(accept, { args: [{ offerId }] });
const refuse = ({ handle }: Scenario, { offerId }: OfferRecord) =>
  handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });

describe('an agent who has not answered', () => {
  test('keeps all 15 minutes, while a second is asked beside them after four', async () => {
    const { about, first, second } = await offeredToTwo([ana, ben, carla]);
    expect(second.offeredAt >= addTime(first.offeredAt, { minutes: 4 })).toBe(true);
    expect(second.offeredAt < addTime(first.offeredAt, { minutes: 5 })).toBe(true);
    await harness.passUntil(addTime(first.offeredAt, { minutes: 14, seconds: 59 }));
    expect([first.end, second.end]).toEqual([undefined, undefined]);
    await harness.passUntil(first.expiresAt);
    expect(await endOfOffer(first)).toMatchObject({ end: 'expired' });
    // their place is taken at once
    const third = await offerNumbered(about, 3);
    expect(third.npn).toBe(carla);
    expect(third.offeredAt < addTime(first.expiresAt, { minutes: 1 })).toBe(true);
    expect(second.end).toBeUndefined();
  });

  test('is replaced at once when they decline, however short they were asked', async () => {
    const scenario = await offeredToTwo([ana, ben, carla]);
    await harness.passUntil(addTime(scenario.first.offeredAt, { minutes: 5 }));
    await refuse(scenario, scenario.second);
    expect((await offerNumbered(scenario.about, 3)).npn).toBe(carla);
    expect(scenario.first.end).toBeUndefined();
  });

  test('is asked alone while nobody else is free, and the other is looked for again a minute later', async () => {
    const about = await queuedReferral(harness, [ana]);
    about.overlap = { ...overlap, afterMs: 3 * 60_000 };
    await harness.startReferral(about);
    const first = await openOfferOf(harness, about, 1);
    await harness.passUntil(addTime(first.offeredAt, { minutes: 3, seconds: 30 }));
    about.candidates.push(ben);
    await harness.passUntil(addTime(first.offeredAt, { minutes: 4 }));
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    expect(about.stage).toBe('offering');
  });

  test('is joined by more when the last hour begins', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    about.overlap = {
      afterMs: 4 * 60_000,
      atOnce: 1,
      late: { atOnce: 2, lastMs: 60 * 60_000 },
    };
    // apart from the nudges, because the test server does not stand two timers of one instant
    about.budgetEndsAt = addTime(await harness.now(), { hours: 1, minutes: 8 });
    await harness.startReferral(about);
    const first = await openOfferOf(harness, about, 1);
    await harness.passUntil(addTime(about.budgetEndsAt, { hours: -1 }));
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    expect(first.end).toBeUndefined();
  });
});

describe('two agents at the same moment', () => {
  test('accept: the first has the referral, the other offer is taken', async () => {
    const scenario = await offeredToTwo([ana, ben, carla]);
    const { about, first, second } = scenario;
    const answers = [answer(scenario, second), answer(scenario, first)];
    const results = await Promise.allSettled(answers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [winner, other] = results[0]?.status === 'fulfilled' ? [second, first] : [first, second];
    expect(winner).toMatchObject({ acceptedAt: expect.any(Date), end: undefined });
    expect(other).toMatchObject({ end: 'taken', endedAt: winner.acceptedAt });
    expect(await refusalFrom(answer(scenario, other))).toBe('offer-ended');
    expect(about).toMatchObject({ stage: 'accepted', candidates: [carla] });
    expect(about.activityCalls).not.toContain('endOffer');
    await eventually(() => {
      const told = harness.delivery.sentBy(about.workflowId).filter(({ kind }) => kind === 'offer-taken');
      expect(new Set(told.map(({ to }) => to))).toEqual(new Set([other.npn]));
    });
  });

  test('accept, and the first acceptance is refused: the other offer is open again, and can be accepted', async () => {
    const scenario = await offeredToTwo([ana, ben]);
    const { about, first, second } = scenario;
    about.injectedFaults.refuseOnce('acceptOffer', 'not-eligible');
    expect(await refusalFrom(answer(scenario, first))).toBe('not-eligible');
    expect(second.end).toBeUndefined();
    await answer(scenario, second);
    expect(second.acceptedAt).toBeDefined();
    expect(first.end).toBe('taken');
  });

  test('answer, while the first acceptance is being written: the other is asked to repeat', async () => {
    const scenario = await offeredToTwo([ana, ben]);
    const { about, first, second } = scenario;
    const writing = about.injectedFaults.hold('acceptOffer');
    const acceptance = answer(scenario, first);
    await writing.reached;
    expect(await refusalFrom(answer(scenario, second))).toBe('offer-busy');
    expect(await refusalFrom(refuse(scenario, second))).toBe('offer-busy');
    writing.release();
    await acceptance;
    expect(await refusalFrom(refuse(scenario, second))).toBe('offer-ended');
    expect(second.end).toBe('taken');
  });

  test('one declines as the other accepts: the declination stays, and nobody else is asked', async () => {
    const scenario = await offeredToTwo([ana, ben, carla]);
    const { about, first, second } = scenario;
    const writing = about.injectedFaults.hold('endOffer');
    const declination = refuse(scenario, first);
    await writing.reached;
    expect(await refusalFrom(answer(scenario, second))).toBe('offer-busy');
    const looking = about.injectedFaults.hold('matchReferral');
    writing.release();
    await declination;
    await looking.reached;
    // the place that became free is being filled
    expect(await refusalFrom(answer(scenario, second))).toBe('offer-busy');
    looking.release();
    const third = await openOfferOf(harness, about, 3);
    await answer(scenario, second);
    expect([first.end, second.end, third.end]).toEqual(['declined', undefined, 'taken']);
  });

  test('one accepts as the time of the other ends: the other offer is taken, not expired', async () => {
    const scenario = await offeredToTwo([ana, ben, carla]);
    const { about, first, second } = scenario;
    await harness.passUntil(addTime(first.expiresAt, { seconds: -20 }));
    about.injectedFaults.fail('acceptOffer');
    const acceptance = await scenario.handle.startUpdate(accept, {
      args: [{ offerId: second.offerId }],
      waitForStage: 'ACCEPTED',
    });
    await harness.passUntil(addTime(first.expiresAt, { minutes: 1 }));
    about.injectedFaults.clear();
    await harness.passUntil(addTime(first.expiresAt, { minutes: 2 }));
    await acceptance.result();
    expect(first.end).toBe('taken');
    expect(about.activityCalls).not.toContain('endOffer');
    expect(about.candidates).toEqual([carla]);
  });

  test.each([
    ['may no longer help', rescindOffer],
    ['cannot be reached', offerUnreachable],
  ])(
    'one accepts as the other %s: the acceptance is finished, and takes the offer',
    async (_what, signal) => {
      const scenario = await offeredToTwo([ana, ben, carla]);
      const { about, first, second } = scenario;
      const writing = about.injectedFaults.hold('acceptOffer');
      const acceptance = answer(scenario, second);
      await writing.reached;
      await scenario.handle.signal(signal, { offerId: first.offerId });
      writing.release();
      await acceptance;
      await harness.passUntil(addTime(await harness.now(), { minutes: 1 }));
      expect(first.end).toBe('taken');
      expect(second.end).toBeUndefined();
      expect(about.candidates).toEqual([carla]);
    },
  );

  test('one may no longer help: their place is filled, and the other keeps their time', async () => {
    const { about, handle, first, second } = await offeredToTwo([ana, ben, carla]);
    await handle.signal(rescindOffer, { offerId: first.offerId });
    expect(await endOfOffer(first)).toMatchObject({ end: 'rescinded' });
    expect((await offerNumbered(about, 3)).npn).toBe(carla);
    expect(second.end).toBeUndefined();
  });

  test('one accepts as the consumer withdraws: the acceptance is finished first, and nothing stays open', async () => {
    const scenario = await offeredToTwo([ana, ben, carla]);
    const { about, handle, first, second } = scenario;
    const writing = about.injectedFaults.hold('acceptOffer');
    const acceptance = answer(scenario, second);
    await writing.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    await acceptance;
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect([first.end, second.end]).toEqual(['taken', 'withdrawn']);
    expect(about.candidates).toEqual([carla]);
  });

  test('are asked as the consumer withdraws: both offers end, and the referral after them', async () => {
    const { about, handle, first, second } = await offeredToTwo([ana, ben, carla]);
    expect(await handle.executeUpdate(withdraw)).toMatchObject({ stage: 'withdrawn' });
    expect([first.end, second.end]).toEqual(['withdrawn', 'withdrawn']);
    expect(about.activityCalls.slice(-3)).toEqual(['endOffer', 'endOffer', 'closeReferral']);
  });

  test('one is being asked as the other accepts: the acceptance waits, and takes the new offer', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    about.overlap = overlap;
    const handle = await harness.startReferral(about);
    const first = await openOfferOf(harness, about, 1);
    const looking = about.injectedFaults.holdAnswer('matchReferral');
    await harness.passUntil(addTime(first.offeredAt, { minutes: 4 }));
    await looking.reached;
    const { offerId } = first;
    expect(await refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }))).toBe('offer-busy');
    looking.release();
    await openOfferOf(harness, about, 2);
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    expect(about.offers).toMatchObject([{ end: undefined }, { end: 'taken' }]);
  });
});

describe('a run that is started while two offers are open', () => {
  /** Two offers that an earlier run has made, which was lost. */
  async function lostWithTwo() {
    const about = await queuedReferral(harness, [ana, ben, carla]);
    about.overlap = overlap;
    const { referralId } = about;
    const match = async () =>
      harness.referrals.activities.matchReferral({
        referralId,
        at: (await harness.now()).toISOString(),
        woken: false,
      });
    await match();
    await harness.passUntil(addTime(await harness.now(), { minutes: 4 }));
    await match();
    const [first, second] = [await offerNumbered(about, 1), await offerNumbered(about, 2)];
    return { about, first, second };
  }

  test('follows both: one expires and is replaced, the other is accepted', async () => {
    const { about, first, second } = await lostWithTwo();
    const handle = await harness.startReferral(about);
    await openOfferOf(harness, about, 2);
    await harness.passUntil(first.expiresAt);
    expect(await endOfOffer(first)).toMatchObject({ end: 'expired' });
    await openOfferOf(harness, about, 3);
    await handle.executeUpdate(accept, { args: [{ offerId: second.offerId }] });
    expect(about.offers.map(({ end }) => end)).toEqual(['expired', undefined, 'taken']);
  });

  test('knows which of them was accepted, and asks nobody beside that agent', async () => {
    const { about, second } = await lostWithTwo();
    const at = (await harness.now()).toISOString();
    const { referralId } = about;
    await harness.referrals.activities.acceptOffer({ referralId, offerId: second.offerId, at });
    await harness.startReferral(about);
    await harness.passUntil(addTime(second.contactDueAt as Date, { seconds: -1 }));
    expect(about.candidates).toEqual([carla]);
    await harness.passUntil(addTime(second.contactDueAt as Date, { seconds: 1 }));
    expect(await endOfOffer(second)).toMatchObject({ end: 'silent' });
    expect((await offerNumbered(about, 3)).npn).toBe(carla);
  });
});

test('an agent who lost the referral after the others were told is followed by a new search', async () => {
  const scenario = await offeredToTwo([ana, ben, carla, '10284417']);
  await answer(scenario, scenario.first);
  await harness.passUntil(addTime(scenario.first.contactDueAt as Date, { seconds: 1 }));
  expect(await endOfOffer(scenario.first)).toMatchObject({ end: 'silent' });
  const third = await openOfferOf(harness, scenario.about, 3);
  await harness.passUntil(addTime(third.offeredAt, { minutes: 4 }));
  expect((await offerNumbered(scenario.about, 4)).npn).toBe('10284417');
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
