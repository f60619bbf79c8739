import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { accept, decline, withdraw } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import { ana, ben, endOfOffer, offeredReferral, offerNumbered } from './scenarios/referral-scenarios.ts';
import { openWorkflowHarness } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

type Scenario = Awaited<ReturnType<typeof offeredReferral>>;

const nudgesOf = ({ about }: Scenario) =>
  harness.delivery.sentBy(about.workflowId).filter(({ kind }) => kind === 'offer-nudge');
const looksOf = ({ about }: Scenario) => about.activityCalls.filter((name) => name === 'nudgeAgent').length;
const pass = ({ offer }: Scenario, time: Parameters<typeof addTime>[1]) =>
  harness.passUntil(addTime(offer.offeredAt, time));

describe('an offer that nobody answers', () => {
  test('is told again after 5 and after 10 minutes, and ends after 15', async () => {
    const scenario = await offeredReferral(harness, [ana, ben]);
    await pass(scenario, { minutes: 4 });
    expect(nudgesOf(scenario)).toEqual([]);
    await pass(scenario, { minutes: 6 });
    await eventually(() => expect(nudgesOf(scenario)).toHaveLength(1));
    await pass(scenario, { minutes: 11 });
    await eventually(() => expect(nudgesOf(scenario)).toHaveLength(2));
    expect(nudgesOf(scenario).map(({ to }) => to)).toEqual([ana, ana]);
    await pass(scenario, { minutes: 16 });
    const { endedAt } = await endOfOffer(scenario.offer);
    expect(endedAt?.getTime()).toBeGreaterThanOrEqual(scenario.offer.expiresAt.getTime());
    expect((await offerNumbered(scenario.about, 2)).npn).toBe(ben);
  });

  test('but is seen is looked at once more, and not told again', async () => {
    const scenario = await offeredReferral(harness, [ana, ben]);
    scenario.offer.isSeen = true;
    await pass(scenario, { minutes: 14 });
    expect([looksOf(scenario), nudgesOf(scenario)]).toEqual([1, []]);
  });
});

test('an offer that is answered before a third of its window costs no more than without nudges', async () => {
  const scenario = await offeredReferral(harness, [ana]);
  const { handle, offer } = scenario;
  await handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
  await pass(scenario, { minutes: 20 });
  expect(looksOf(scenario)).toBe(0);
  const { events = [] } = await handle.fetchHistory();
  const timers = events?.filter((event) => event.timerStartedEventAttributes) ?? [];
  // one to answer, one to call
  expect(timers).toHaveLength(2);
});

describe('a nudge and, at the same instant,', () => {
  test('an acceptance: it is not refused, and the time to call and its reminder stand', async () => {
    const scenario = await offeredReferral(harness, [ana]);
    const { about, handle, offer } = scenario;
    const nudging = about.injectedFaults.holdAnswer('nudgeAgent');
    await pass(scenario, { minutes: 5 });
    await nudging.reached;
    const { acceptedAt } = await handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
    nudging.release();
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 31 }));
    const sent = () => harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind);
    await eventually(() => expect(sent()).toContain('contact-reminder'));
    expect(nudgesOf(scenario)).toEqual([]);
  });

  test('a decline: the next agent is asked', async () => {
    const scenario = await offeredReferral(harness, [ana, ben]);
    const { about, handle, offer } = scenario;
    const nudging = about.injectedFaults.hold('nudgeAgent');
    await pass(scenario, { minutes: 5 });
    await nudging.reached;
    await handle.executeUpdate(decline, { args: [{ offerId: offer.offerId, reason: 'too-busy' }] });
    nudging.release();
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    expect(nudgesOf(scenario)).toEqual([]);
  });

  test('a withdrawal: the request is closed', async () => {
    const scenario = await offeredReferral(harness, [ana, ben]);
    const { about, handle } = scenario;
    const nudging = about.injectedFaults.hold('nudgeAgent');
    await pass(scenario, { minutes: 5 });
    await nudging.reached;
    const withdrawn = handle.executeUpdate(withdraw);
    nudging.release();
    expect(await withdrawn).toMatchObject({ stage: 'withdrawn' });
    expect(about.offers).toHaveLength(1);
  });
});
