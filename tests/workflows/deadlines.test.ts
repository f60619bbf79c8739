import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accept, register } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { quietSdk } from '../harness/quiet-sdk.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';
import { guidePolicy } from './scenarios/guide-policy.ts';
import { invitedOnboarding, untilStageOf } from './scenarios/onboarding-scenarios.ts';
import {
  ana,
  ben,
  carla,
  endOfOffer,
  offeredReferral,
  offerNumbered,
  openOfferOf,
  queuedReferral,
} from './scenarios/referral-scenarios.ts';
import { createWorkflowHarness, refusalFrom, type WorkflowHarness } from './scenarios/workflow-harness.ts';

/**
 * After downtime a worker finds a late answer and the fired timer in one task, the answer first. The windows are
 * short and real, because the time-skipping server does not skip while a task waits for a worker.
 */
const windowMs = 3_000;

let temporal: TestTemporal;
let harness: WorkflowHarness;
let endWorker: () => Promise<void>;
beforeAll(async () => {
  quietSdk();
  temporal = await connectTestTemporal();
  const policy = {
    ...guidePolicy,
    offerWindowMs: windowMs,
    followUpWindowMs: windowMs,
    invitationTtlMs: windowMs,
    invitationReminderBeforeMs: 0,
  };
  harness = createWorkflowHarness({ ...temporal, policy, now: async () => new Date() });
  endWorker = await harness.startWorker();
});
afterAll(async () => {
  await harness.endWorkflows();
  await endWorker();
  await temporal.close();
});

/** Waits in real time until an instant. */
async function passUntil(at: Date): Promise<void> {
  while (Date.now() < at.getTime()) await sleep(at.getTime() - Date.now() + 1);
}

/** Resolves when the server has recorded that a timer of this workflow fired, or as many as are given. */
function timerFires(workflowId: string, count = 1): Promise<void> {
  return eventually(async () => {
    const { events = [] } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
    const fired = (events ?? []).filter((event) => event.timerFiredEventAttributes);
    if (fired.length < count) throw new Error(`${fired.length} timers have fired`);
  });
}

describe('no worker runs when an offer’s 15 minutes end', () => {
  test('a late acceptance is refused, the offer has expired, and the next agent is asked', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await endWorker();
    expect(Date.now()).toBeLessThan(offer.expiresAt.getTime());
    await passUntil(offer.expiresAt);
    await timerFires(about.workflowId);
    const late = refusalFrom(handle.executeUpdate(accept, { args: [{ offerId: offer.offerId }] }));

    endWorker = await harness.startWorker();
    expect(await late).toBe('offer-ended');
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired', endedBy: 'clock' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
    expect(about.activityCalls).not.toContain('acceptOffer');
  });

  test('an acceptance that was sent in time but found no worker is refused too', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    await endWorker();
    const { offerId } = offer;
    const waiting = refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] }));
    expect(Date.now()).toBeLessThan(offer.expiresAt.getTime());
    await passUntil(offer.expiresAt);

    endWorker = await harness.startWorker();
    expect(await waiting).toBe('offer-ended');
    expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });
});

test('no worker runs when the time of two agents ends: late acceptances are refused, both offers have expired', async () => {
  const about = await queuedReferral(harness, [ana, ben, carla]);
  about.overlap = { afterMs: 1_000, atOnce: 2 };
  const handle = await harness.startReferral(about);
  const offers = [await openOfferOf(harness, about, 1), await openOfferOf(harness, about, 2)];
  await endWorker();
  // that of the second place, and those of the two windows
  await timerFires(about.workflowId, 3);
  const late = offers.map(({ offerId }) =>
    refusalFrom(handle.executeUpdate(accept, { args: [{ offerId }] })),
  );

  endWorker = await harness.startWorker();
  expect(await Promise.all(late)).toEqual(['offer-ended', 'offer-ended']);
  for (const offer of offers) expect(await endOfOffer(offer)).toMatchObject({ end: 'expired' });
  expect((await offerNumbered(about, 3)).npn).toBe(carla);
  expect(about.activityCalls).not.toContain('acceptOffer');
});

describe('no worker runs when an invitation’s 48 hours end', () => {
  test('a late registration is refused, and the invitation has expired', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await endWorker();
    expect(Date.now()).toBeLessThan(expiresAt.getTime());
    await passUntil(expiresAt);
    const late = refusalFrom(handle.executeUpdate(register, { args: [{ registrationRequestId: 'late' }] }));

    endWorker = await harness.startWorker();
    expect(await late).toBe('invitation-expired');
    await untilStageOf(about, 'invitation-expired');
    expect(about.facts.registeredAt).toBeNull();
    expect(about.activityCalls).not.toContain('completeRegistration');
  });
});
