import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import {
  accept,
  decline,
  factsChanged,
  register,
  reportOutcome,
  withdraw,
} from '../../workflows/messages.ts';
import { referral } from '../../workflows/referral.ts';
import { eventually } from '../harness/eventually.ts';
import { quietSdk } from '../harness/quiet-sdk.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';
import { guidePolicy } from './scenarios/guide-policy.ts';
import { createGate } from './scenarios/injected-faults.ts';
import { invitedOnboarding, sentNoticeKinds, untilStageOf } from './scenarios/onboarding-scenarios.ts';
import {
  ana,
  ben,
  carla,
  offeredReferral,
  offerNumbered,
  openOfferOf,
  queuedReferral,
} from './scenarios/referral-scenarios.ts';
import { createWorkflowHarness, refusalFrom, type WorkflowHarness } from './scenarios/workflow-harness.ts';

/**
 * Temporal suggests a new run when a history has grown beyond 4 MiB. Here every result is more than a megabyte long, so that
 * this comes after a few activities instead of hundreds.
 */
const megabyte: NoticeToSend[] = [{ noticeId: 'x'.repeat(1_100_000), kind: 'offer', channels: [] }];

let temporal: TestTemporal;
let harness: WorkflowHarness;
let endWorker: () => Promise<void>;
beforeAll(async () => {
  quietSdk();
  temporal = await connectTestTemporal();
  harness = createWorkflowHarness({ ...temporal, policy: guidePolicy, now: async () => new Date() });
  endWorker = await harness.startWorker();
});
afterAll(async () => {
  await harness.endWorkflows();
  await endWorker();
  await temporal.close();
});

const sixAgents = [ana, ben, carla, '10284417', '15530982', '7719026'];

/** Creates a referral with an open offer, after whose end a new run is suggested. */
async function offeredWithLongHistory() {
  const scenario = await offeredReferral(harness, sixAgents);
  scenario.about.padding = megabyte;
  for (let number = 1; number <= 2; number += 1) {
    const { offerId } = await openOfferOf(harness, scenario.about, number);
    await scenario.handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });
  }
  const offer = await openOfferOf(harness, scenario.about, 3);
  await eventually(() => expect(harness.delivery.sentBy(scenario.about.workflowId)).toHaveLength(6));
  expect(await runOf(scenario.handle)).toBe('the first');
  return { ...scenario, offer };
}

/** Tells the first run of a workflow from a later one. */
async function runOf(handle: WorkflowHandle & { firstExecutionRunId?: string }) {
  const { runId } = await temporal.client.workflow.getHandle(handle.workflowId).describe();
  return runId === handle.firstExecutionRunId ? 'the first' : 'another';
}

describe('a referral with a long history', () => {
  test('goes on in a new run between two offers, and nothing is lost', async () => {
    const { about, handle, offer } = await offeredWithLongHistory();
    const answer = handle.executeUpdate(decline, { args: [{ offerId: offer.offerId, reason: 'too-busy' }] });
    await answer;
    about.padding = [];
    const next = await openOfferOf(harness, about, 4);
    expect(await runOf(handle)).toBe('another');
    const current = temporal.client.workflow.getHandle(about.workflowId);
    await current.executeUpdate(accept, { args: [{ offerId: next.offerId }] });
    expect(about).toMatchObject({ stage: 'accepted', candidates: sixAgents.slice(4) });
    // the new run does not know whether the run before was woken, so it assumes that it was
    expect(about.matchesWoken).toEqual([false, false, false, true]);
  });

  test('goes on in a new run while an offer is open, and that offer can be answered', async () => {
    const about = await queuedReferral(harness, sixAgents);
    about.overlap = { afterMs: 1_000, atOnce: 2 };
    const handle = await harness.startReferral(about);
    const first = await openOfferOf(harness, about, 1);
    await openOfferOf(harness, about, 2);
    about.padding = megabyte;
    for (let number = 2; (await runOf(handle)) === 'the first'; number += 1) {
      const { offerId } = await openOfferOf(harness, about, number);
      const sent = () => expect(harness.delivery.sentBy(about.workflowId)).toHaveLength(2 * number);
      await eventually(sent);
      await handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] });
      await offerNumbered(about, number + 1);
    }
    about.padding = [];
    expect(first.end).toBeUndefined();
    const current = temporal.client.workflow.getHandle(about.workflowId);
    await openOfferOf(harness, about, about.offers.length);
    await current.executeUpdate(accept, { args: [{ offerId: first.offerId }] });
    expect(about.offers.map(({ end }) => end)).toEqual([
      undefined,
      ...about.offers.slice(2).map(() => 'declined'),
      'taken',
    ]);
  });

  test('answers the agent who hands it back, although that ends the offer', async () => {
    const { about, handle, offer } = await offeredWithLongHistory();
    const { offerId } = offer;
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    const answer = await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    expect(answer).toMatchObject({ stage: 'offering' });
    about.padding = [];
    await offerNumbered(about, 4);
  });

  test('answers the consumer who withdraws while the agent declines', async () => {
    const { about, handle, offer } = await offeredWithLongHistory();
    const writing = about.injectedFaults.hold('endOffer');
    const answer = handle.executeUpdate(decline, { args: [{ offerId: offer.offerId, reason: 'too-busy' }] });
    await writing.reached;
    const withdrawal = await handle.startUpdate(withdraw, { waitForStage: 'ACCEPTED' });
    writing.release();
    await answer;
    expect(await withdrawal.result()).toMatchObject({ stage: 'withdrawn' });
    expect(about.offers).toHaveLength(3);
  });

  test('asks the next agent although a message to somebody else is still on its way', async () => {
    const { about, handle, offer } = await offeredWithLongHistory();
    const sending = createGate();
    const { workflowId: owner } = about;
    harness.delivery.useProvider(owner, async ({ to }) => {
      if (to === 'consumer') await sending.pass();
      return 'sent' as const;
    });
    await handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] });
    await sending.reached;
    await handle.executeUpdate(reportOutcome, {
      args: [{ offerId: offer.offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    about.padding = [];
    expect((await offerNumbered(about, 4)).npn).toBe(sixAgents[3]);
    sending.release();
  });
});

test('a run that has just begun asks an agent to repeat who reports before it has read their offer', async () => {
  const about = await queuedReferral(harness, sixAgents);
  const { referralId, workflowId } = about;
  const { activities } = harness.referrals;
  const at = new Date().toISOString();
  await activities.matchReferral({ referralId, at, woken: false });
  const { offerId } = await offerNumbered(about, 1);
  await activities.acceptOffer({ referralId, offerId, at });
  await activities.recordOutcome({ referralId, offerId, outcome: 'contacted', at });
  const report = { offerId, outcome: 'enrolled' as const };
  const start = new WithStartWorkflowOperation(referral, {
    workflowId,
    taskQueue: temporal.taskQueue,
    args: [{ referralId }],
    workflowIdConflictPolicy: 'FAIL',
  });
  const early = temporal.client.workflow.executeUpdateWithStart(reportOutcome, {
    args: [report],
    startWorkflowOperation: start,
  });
  expect(await refusalFrom(early)).toBe('offer-busy');
  const handle = temporal.client.workflow.getHandle(workflowId);
  await eventually(() => handle.executeUpdate(reportOutcome, { args: [report] }));
  expect(await handle.result()).toBe('closed');
});

describe('an onboarding with a long history', () => {
  test('goes on in a new run between two reviews; a registration in that moment is accepted', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    about.padding = megabyte;
    let review = about.injectedFaults.hold('reviewOnboarding');
    await handle.signal(factsChanged);
    await review.reached;
    while ((await runOf(handle)) === 'the first') {
      const held = review;
      const written = about.activityCalls.length;
      review = about.injectedFaults.hold('reviewOnboarding');
      held.release();
      await eventually(() => expect(about.activityCalls.length).toBeGreaterThan(written));
      await temporal.client.workflow.getHandle(about.workflowId).signal(factsChanged);
      await review.reached;
    }
    about.padding = [];
    const current = temporal.client.workflow.getHandle(about.workflowId);
    const registration = current.executeUpdate(register, { args: [{ registrationRequestId: 'first' }] });
    expect(await refusalFrom(registration)).toBeUndefined();
    review.release();
    await untilStageOf(about, 'awaiting-terms');
  });

  test('stays in its run while an invitation waits its turn, and goes on in a new one after that', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    const { invitation } = about.facts;
    if (!invitation) throw new Error('there is no invitation');
    const turn = about.injectedFaults.hold('inviteAgent');
    about.facts.invitation = { ...invitation, endedAs: 'undeliverable', retryAt: new Date() };
    about.padding = megabyte;
    await handle.signal(factsChanged);
    await turn.reached;
    for (let reviews = 1; reviews <= 6; reviews += 1) {
      const written = about.activityCalls.length;
      await handle.signal(factsChanged);
      await eventually(() => expect(about.activityCalls.length).toBeGreaterThan(written));
    }
    expect(await runOf(handle)).toBe('the first');
    about.padding = [];
    turn.release();
    await untilStageOf(about, 'invited');
    await sentNoticeKinds(harness, about, 'invitation');
    await eventually(async () => {
      await temporal.client.workflow.getHandle(about.workflowId).signal(factsChanged);
      expect(await runOf(handle)).toBe('another');
    });
  });
});
