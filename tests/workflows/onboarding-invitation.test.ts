import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { factsChanged, register } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
  eligibleFacts,
  invitedOnboarding,
  sentNoticeKinds,
  startedOnboarding,
  untilStageOf,
} from './scenarios/onboarding-scenarios.ts';
import { attributesOf, openWorkflowHarness, refusalFrom } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

const withRequest = (registrationRequestId: string): { args: [{ registrationRequestId: string }] } => ({
  args: [{ registrationRequestId }],
});

describe('an agent who does not fulfill every condition yet', () => {
  test('waits, and ops see what for', async () => {
    const { about, handle } = await startedOnboarding(harness, ({ evidence }) => {
      evidence.training = undefined;
      evidence.licenses = [];
    });
    await eventually(async () => {
      const attributes = await attributesOf(handle);
      expect(attributes).toMatchObject({ Stage: 'awaiting-eligibility' });
      expect(attributes.Causes).toEqual(about.causes);
    });
    expect(about.causes).toEqual([
      'marketplace-training',
      'cms-agreements',
      'help-on-demand-coursework',
      'nipr-profile-validated',
      'licensed-with-health-line',
      'license-not-found',
    ]);
    expect(harness.delivery.sentBy(about.workflowId)).toEqual([]);
  });

  test('a fact makes the workflow review again: ops see what is still missing, and with the last fact the invitation goes out', async () => {
    const complete = eligibleFacts(await harness.now()).evidence;
    const { about, handle } = await startedOnboarding(harness, ({ evidence }) => {
      evidence.training = undefined;
      evidence.licenses = [];
    });
    await eventually(async () => expect((await attributesOf(handle)).Causes).toHaveLength(6));

    about.facts.evidence.training = complete.training;
    await handle.signal(factsChanged);
    await eventually(async () =>
      expect((await attributesOf(handle)).Causes).toEqual(['licensed-with-health-line', 'license-not-found']),
    );

    about.facts.evidence.licenses = complete.licenses;
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invited');
    expect(await sentNoticeKinds(harness, about, 'invitation')).toEqual(['invitation']);
  });

  test('many facts at once cost one review more, not many', async () => {
    const { about, handle } = await startedOnboarding(harness, ({ evidence }) => {
      evidence.training = undefined;
    });
    await eventually(() => expect(about.activityCalls).toEqual(['reviewOnboarding']));
    const review = about.injectedFaults.hold('reviewOnboarding');
    await handle.signal(factsChanged);
    await review.reached;
    for (let count = 0; count < 20; count += 1) await handle.signal(factsChanged);
    review.release();
    await eventually(() => expect(about.activityCalls).toHaveLength(3));
    await harness.passUntil(addTime(await harness.now(), { minutes: 10 }));
    expect(about.activityCalls).toEqual(['reviewOnboarding', 'reviewOnboarding', 'reviewOnboarding']);
  });

  test('whose license begins on a later day is invited on that day', async () => {
    const { about } = await startedOnboarding(harness, ({ evidence }, now) => {
      const [license] = evidence.licenses;
      if (license) license.issuedOn = addTime(now, { days: 5 }).toISOString().slice(0, 10);
    });
    await untilStageOf(about, 'awaiting-eligibility');
    await harness.passUntil(addTime(about.since, { days: 3 }));
    expect(about.stage).toBe('awaiting-eligibility');
    await harness.passUntil(addTime(about.since, { days: 6 }));
    await untilStageOf(about, 'invited');
  });
});

describe('an eligible agent', () => {
  test('is invited at once, with a link that lives for 48 hours', async () => {
    const { about, handle, issuedAt, expiresAt } = await invitedOnboarding(harness);
    expect(expiresAt).toEqual(addTime(issuedAt, { hours: 48 }));
    expect(about.activityCalls).toEqual(['reviewOnboarding', 'inviteAgent']);
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'invited',
        WaitingUntil: addTime(expiresAt, { hours: -12 }),
      }),
    );
  });

  test('is reminded 12 hours before the link expires, once', async () => {
    const { about, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { hours: -13 }));
    expect(await sentNoticeKinds(harness, about, 'invitation')).toEqual(['invitation']);
    await harness.passUntil(addTime(expiresAt, { hours: -11 }));
    expect(await sentNoticeKinds(harness, about, 'invitation-reminder')).toHaveLength(2);
    await harness.passUntil(addTime(expiresAt, { hours: 24 }));
    expect(await sentNoticeKinds(harness, about, 'invitation-reminder')).toHaveLength(2);
  });

  test('who does not register within 48 hours has an expired invitation', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { minutes: -10 }));
    expect(about.stage).toBe('invited');
    await harness.passUntil(expiresAt);
    await untilStageOf(about, 'invitation-expired');
    expect(about.since.getTime()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect(about.since.getTime()).toBeLessThan(addTime(expiresAt, { seconds: 10 }).getTime());
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({ Stage: 'invitation-expired', Causes: ['expired'] }),
    );
  });

  test('who asks again after that is invited anew, for another 48 hours', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { days: 10 }));
    await untilStageOf(about, 'invitation-expired');
    const askedAt = await harness.now();
    about.facts.invitationRequestedAt = askedAt;
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invited');
    const second = about.facts.invitation;
    expect(second?.issuedAt.getTime()).toBeGreaterThanOrEqual(askedAt.getTime());
    expect(second?.expiresAt).toEqual(addTime(second?.issuedAt ?? askedAt, { hours: 48 }));
    await eventually(() =>
      expect(harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind)).toEqual([
        'invitation',
        'invitation-reminder',
        'invitation',
      ]),
    );
    expect(await handle.executeUpdate(register, withRequest('second'))).toEqual({ stage: 'awaiting-terms' });
  });
});

/** Task queues in which the invitations of an onboarding waited, oldest first. */
async function queuesOfInvitations(handle: WorkflowHandle) {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: step }) =>
    step?.activityType?.name === 'inviteAgent' ? [step.taskQueue?.name] : [],
  );
}

describe('an invitation that nobody asked for, which a feed can make due for every agent at once,', () => {
  /** An agent whose last condition is met while the queue of bulk mail is full. */
  async function waitingForTheirTurn() {
    const { training } = eligibleFacts(await harness.now()).evidence;
    const { about, handle } = await startedOnboarding(harness, ({ evidence }) => {
      evidence.training = undefined;
    });
    await untilStageOf(about, 'awaiting-eligibility');
    const turn = about.injectedFaults.hold('inviteAgent');
    about.facts.evidence.training = training;
    await handle.signal(factsChanged);
    await turn.reached;
    return { about, handle, turn };
  }

  test('waits its turn with bulk mail; one that the agent asked for does not', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { days: 1 }));
    about.facts.invitationRequestedAt = await harness.now();
    await handle.signal(factsChanged);
    await eventually(() => expect(about.activityCalls.at(-1)).toBe('inviteAgent'));
    const { taskQueue } = await handle.describe();
    expect(await queuesOfInvitations(handle)).toEqual([`${taskQueue}-bulk`, taskQueue]);
  });

  test('waits its turn; one to a corrected address does not', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    const { invitation } = about.facts;
    if (!invitation) throw new Error('there is no invitation');
    about.facts.invitation = { ...invitation, sentToFormerAddress: true, endedAs: 'replaced' };
    await handle.signal(factsChanged);
    await eventually(() => expect(about.facts.invitation?.sentToFormerAddress).toBe(false));
    const { taskQueue } = await handle.describe();
    expect(await queuesOfInvitations(handle)).toEqual([`${taskQueue}-bulk`, taskQueue]);
  });

  test('is issued at once when somebody asks for it before its turn, and once', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    const { invitation } = about.facts;
    if (!invitation) throw new Error('there is no invitation');
    const turn = about.injectedFaults.holdNext('inviteAgent');
    const retryAt = await harness.now();
    about.facts.invitation = { ...invitation, endedAs: 'undeliverable', retryAt };
    await handle.signal(factsChanged);
    await turn.reached;
    about.facts.invitationRequestedAt = await harness.now();
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invited');
    expect(about.facts.invitation.expiresAt).not.toEqual(expiresAt);
    const { taskQueue } = await handle.describe();
    expect((await queuesOfInvitations(handle)).slice(-2)).toEqual([`${taskQueue}-bulk`, taskQueue]);
    turn.release();
    await eventually(() =>
      expect(about.activityCalls.filter((name) => name === 'inviteAgent')).toHaveLength(3),
    );
    await eventually(async () =>
      expect(await sentNoticeKinds(harness, about, 'invitation')).toEqual(['invitation', 'invitation']),
    );
  });

  test('keeps nothing else waiting: an agent whose license ends before their turn is not eligible from then on', async () => {
    const { about, handle } = await startedOnboarding(harness, ({ evidence }, now) => {
      const [license] = evidence.licenses;
      if (license) license.expiresOn = addTime(now, { days: 2 }).toISOString().slice(0, 10);
      evidence.training = undefined;
    });
    await untilStageOf(about, 'awaiting-eligibility');
    about.injectedFaults.failForDays('inviteAgent');
    about.facts.evidence.training = eligibleFacts(about.since).evidence.training;
    await handle.signal(factsChanged);
    await harness.passUntil(addTime(about.since, { days: 4 }));
    await eventually(() => expect(about.causes).toContain('licensed-with-health-line'));
    about.injectedFaults.clear();
    expect(about.facts.invitation).toBeUndefined();
  });

  test('keeps nothing else waiting: an agent who leaves before their turn has left at once', async () => {
    const { about, handle, turn } = await waitingForTheirTurn();
    about.facts.leftAt = await harness.now();
    await handle.signal(factsChanged);
    expect(await handle.result()).toBe('left');
    turn.release();
    expect(about.facts.invitation).toBeUndefined();
  });

  test('is asked for once, whatever else changes meanwhile', async () => {
    const { about, handle, turn } = await waitingForTheirTurn();
    for (const reviews of [2, 3, 4]) {
      await handle.signal(factsChanged);
      await eventually(() =>
        expect(about.activityCalls.filter((name) => name === 'reviewOnboarding').length).toBeGreaterThan(
          reviews,
        ),
      );
    }
    turn.release();
    await untilStageOf(about, 'invited');
    expect(await sentNoticeKinds(harness, about, 'invitation')).toEqual(['invitation']);
    expect(about.activityCalls.filter((name) => name === 'inviteAgent')).toHaveLength(1);
  });
});

describe('an invitation that the mail server refuses', () => {
  test('is undeliverable; when another one is asked for, that one is sent', async () => {
    const { about, handle } = await startedOnboarding(harness);
    harness.delivery.useProvider(about.workflowId, () => 'refused');
    await eventually(() => expect(about.stage).toBe('invitation-undeliverable'));
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'invitation-undeliverable',
        Causes: ['undeliverable'],
      }),
    );
    expect(await refusalFrom(handle.executeUpdate(register, withRequest('first')))).toBe('invitation-ended');
    harness.delivery.useProvider(about.workflowId, () => 'sent');
    about.facts.invitationRequestedAt = await harness.now();
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invited');
    expect(await sentNoticeKinds(harness, about, 'invitation')).toEqual(['invitation']);
  });
});

describe('an invitation that met a full mailbox', () => {
  test('is shown to wait for the next one, with its time; at a bad address for another address', async () => {
    const { about, handle } = await startedOnboarding(harness);
    const details = async () =>
      (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
    harness.delivery.useProvider(about.workflowId, () => 'refused');
    await eventually(async () => expect(await details()).toMatch(/waiting for another address/));
    const { invitation } = about.facts;
    if (!invitation) throw new Error('there is no invitation');
    const retryAt = new Date((await harness.now()).getTime() + 4 * 3_600_000);
    about.facts.invitation = { ...invitation, retryAt };
    await handle.signal(factsChanged);
    await eventually(async () =>
      expect(await details()).toMatch(/the address is good; another one goes out at .*\d/),
    );
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
