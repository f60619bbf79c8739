import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import {
  endOfMarketplaceDay as endOfDay,
  marketplaceDateAt,
} from '../../domain/time/marketplace-calendar.ts';
import {
  accept,
  askAnother,
  confirmContact,
  decline,
  factsChanged,
  matchAgain,
  register,
  reportOutcome,
  withdraw,
} from '../../workflows/messages.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
  acceptTermsInFacts,
  invitedOnboarding,
  licenseOf,
  sentNoticeKinds,
  startedOnboarding,
  untilStageOf,
} from './scenarios/onboarding-scenarios.ts';
import { isRecording, writeHistory } from './scenarios/recorded-histories.ts';
import {
  ana,
  ben,
  carla,
  endOfOffer,
  offeredReferral,
  openOfferOf,
  queuedReferral,
  reportNext,
} from './scenarios/referral-scenarios.ts';
import { openWorkflowHarness } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

const { EventType } = proto.temporal.api.enums.v1;
const workflowTaskEvents: ReadonlySet<number> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
]);

/**
 * Counts the events of the path so far, over all runs, without those of the workflow tasks: three for each, and how
 * many tasks there are depends on how close together the messages came.
 */
async function eventsOf(handle: WorkflowHandle): Promise<number> {
  const histories = await harness.historiesOf(handle);
  const types = histories.flatMap(({ events }) => events ?? []).map(({ eventType }) => eventType);
  return types.filter((type) => !workflowTaskEvents.has(type ?? 0)).length;
}

/** Records each run of a path for `replay.test.ts`; those after the first have their number in the name. */
async function recordHistory(name: string, handle: WorkflowHandle): Promise<void> {
  if (!isRecording) return;
  for (const [index, history] of (await harness.historiesOf(handle)).entries())
    writeHistory(index === 0 ? name : `${name}-${index + 1}`, history);
}

describe('onboarding', () => {
  test('from the evidence to active takes at most 40 events, to the end of the plan year 50', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    await handle.executeUpdate(register, { args: [{ registrationRequestId: 'first' }] });
    await sentNoticeKinds(harness, about, 'registration-confirmed');
    acceptTermsInFacts(about, 'agents-and-brokers-terms-of-use');
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    await sentNoticeKinds(harness, about, 'active');
    const toActive = await eventsOf(handle);
    await harness.passUntil(endOfDay(`${about.planYear}-12-31`));
    expect(await handle.result()).toBe('lapsed');
    const toLapsed = await eventsOf(handle);
    await recordHistory('onboarding-active-lapsed', handle);
    expect(toActive).toBeLessThanOrEqual(40);
    expect(toLapsed).toBeLessThanOrEqual(50);
  });

  test('with an expired invitation, a second one and all reminders takes at most 110 events', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { hours: 1 }));
    await untilStageOf(about, 'invitation-expired');
    about.facts.invitationRequestedAt = await harness.now();
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invited');
    await sentNoticeKinds(harness, about, 'invitation');
    await handle.executeUpdate(register, { args: [{ registrationRequestId: 'second' }] });
    await harness.passUntil(addTime(about.since, { days: 8 }));
    await sentNoticeKinds(harness, about, 'terms-reminder');
    about.facts.leftAt = await harness.now();
    await handle.signal(factsChanged);
    expect(await handle.result()).toBe('left');
    await recordHistory('onboarding-renewed-reminded-left', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(110);
  });
});

describe('an onboarding of somebody who is registered already', () => {
  test('returning to other terms, put on hold and released takes at most 48 events', async () => {
    const { about, handle } = await startedOnboarding(harness, (facts, now) => {
      facts.registeredAt = addTime(now, { days: -300 });
      facts.termsAccepted = [
        { kind: 'terms-of-use', version: '2025-1' },
        { kind: 'agents-and-brokers-terms-of-use', version: '2026-1' },
      ];
    });
    await untilStageOf(about, 'awaiting-terms');
    acceptTermsInFacts(about, 'terms-of-use');
    await handle.signal(factsChanged);
    await sentNoticeKinds(harness, about, 'active');
    about.facts.heldAt = await harness.now();
    await handle.signal(factsChanged);
    await sentNoticeKinds(harness, about, 'suspended');
    about.facts.heldAt = null;
    await handle.signal(factsChanged);
    await sentNoticeKinds(harness, about, 'active-again');
    await harness.passUntil(endOfDay(`${about.planYear}-12-31`));
    expect(await handle.result()).toBe('lapsed');
    await recordHistory('onboarding-returning-held-released', handle);
    expect(about.facts.invitation).toBeUndefined();
    expect(await eventsOf(handle)).toBeLessThanOrEqual(48);
  });
});

describe('an onboarding with every difficulty', () => {
  test('late, undeliverable, warned, suspended, active again and gone takes at most 145 events', async () => {
    const { about, handle } = await startedOnboarding(harness, (facts, now) => {
      facts.evidence.licenses = [];
      facts.licenseLookupAt = now;
      facts.lateAt = addTime(now, { hours: 2 });
    });
    await harness.passUntil(addTime(about.since, { hours: 3 }));
    await sentNoticeKinds(harness, about, 'invitation-late');
    harness.delivery.useProvider(about.workflowId, ({ kind }) =>
      kind === 'invitation' ? 'refused' : 'sent',
    );
    const now = await harness.now();
    const license = (expiresInDays: number) =>
      licenseOf(now, { expiresOn: marketplaceDateAt(addTime(now, { days: expiresInDays })) });
    about.facts.evidence.licenses = [license(20)];
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invitation-undeliverable');
    harness.delivery.useProvider(about.workflowId, () => 'sent');
    about.facts.invitationRequestedAt = await harness.now();
    await handle.signal(factsChanged);
    await sentNoticeKinds(harness, about, 'invitation');
    about.facts.phoneCheckAt = await harness.now();
    await handle.executeUpdate(register, { args: [{ registrationRequestId: 'first' }] });
    about.facts.warnBeforeMs = [10 * 24 * 60 * 60 * 1_000];
    acceptTermsInFacts(about, 'agents-and-brokers-terms-of-use');
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    await harness.passUntil(addTime(now, { days: 15 }));
    await sentNoticeKinds(harness, about, 'expiring-soon');
    await harness.passUntil(addTime(now, { days: 22 }));
    await untilStageOf(about, 'suspended');
    about.facts.evidence.licenses = [license(300)];
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    await sentNoticeKinds(harness, about, 'active-again');
    about.facts.leftAt = await harness.now();
    await handle.signal(factsChanged);
    expect(await handle.result()).toBe('left');
    await recordHistory('onboarding-late-undeliverable-warned-suspended', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(145);
  });
});

describe('a referral', () => {
  test('with every follow-up that can happen takes at most 117 events', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben, carla]);
    const first = { offerId: offer.offerId };
    const { acceptedAt } = await handle.executeUpdate(accept, { args: [first] });
    await harness.passUntil(addTime(new Date(acceptedAt), { minutes: 31 }));
    await handle.executeUpdate(confirmContact, { args: [{ ...first, called: false }] });
    await handle.executeUpdate(askAnother, { args: [first] });
    const { offerId } = await openOfferOf(harness, about, 2);
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'wrong-number' }] });
    about.contactWrong = false;
    await handle.signal(matchAgain, { isQueued: true });
    const third = { offerId: (await openOfferOf(harness, about, 3)).offerId };
    await handle.executeUpdate(accept, { args: [third] });
    await handle.executeUpdate(confirmContact, { args: [{ ...third, called: true }] });
    const until = marketplaceDateAt(addTime(await harness.now(), { days: 10 }));
    await reportNext(handle, { ...third, outcome: 'deferred', until });
    await reportNext(handle, { ...third, outcome: 'enrolled' });
    expect(await handle.result()).toBe('closed');
    await recordHistory('referral-followed-up', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(117);
  });

  test('that is nudged twice and expires with the first, is declined by the second and accepted by the third takes at most 75 events', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben, carla]);
    await harness.passUntil(offer.expiresAt);
    await endOfOffer(offer);
    const second = await openOfferOf(harness, about, 2);
    await handle.executeUpdate(decline, { args: [{ offerId: second.offerId, reason: 'too-busy' }] });
    const { offerId } = await openOfferOf(harness, about, 3);
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    await reportNext(handle, { offerId, outcome: 'enrolled' });
    expect(await handle.result()).toBe('closed');
    await recordHistory('referral-expired-declined-accepted-closed', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(75);
  });

  test('that two agents are asked for at once, of whom the first accepts, takes at most 54 events', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    about.overlap = { afterMs: 4 * 60_000, atOnce: 2 };
    const handle = await harness.startReferral(about);
    const { offerId, offeredAt } = await openOfferOf(harness, about, 1);
    await harness.passUntil(addTime(offeredAt, { minutes: 4 }));
    await openOfferOf(harness, about, 2);
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    await reportNext(handle, { offerId, outcome: 'enrolled' });
    expect(await handle.result()).toBe('closed');
    await recordHistory('referral-overlapping-taken', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(54);
  });

  test('for which nobody is found within 4 hours takes at most 22 events', async () => {
    const about = await queuedReferral(harness, []);
    const handle = await harness.startReferral(about);
    await harness.passUntil(about.budgetEndsAt);
    expect(await handle.result()).toBe('unmatched');
    await recordHistory('referral-unmatched', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(22);
  });

  test('that is handed back, offered again and withdrawn takes at most 40 events', async () => {
    const { about, handle, offer } = await offeredReferral(harness, [ana, ben]);
    const { offerId } = offer;
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    await openOfferOf(harness, about, 2);
    await handle.executeUpdate(withdraw);
    expect(await handle.result()).toBe('withdrawn');
    await recordHistory('referral-handed-back-withdrawn', handle);
    expect(await eventsOf(handle)).toBeLessThanOrEqual(40);
  });
});
