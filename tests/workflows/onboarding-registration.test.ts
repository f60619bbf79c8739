import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../domain/failures.ts';
import { factsChanged, register } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
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

describe('registration', () => {
  test('at 47:59 is accepted: the agent is almost complete and gets a confirmation', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { minutes: -1 }));
    expect(await handle.executeUpdate(register, withRequest('first'))).toEqual({ stage: 'awaiting-terms' });
    expect(await sentNoticeKinds(harness, about, 'registration-confirmed')).toHaveLength(3);
    await harness.passUntil(addTime(expiresAt, { hours: 1 }));
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'awaiting-terms',
        Causes: ['agents-and-brokers-terms-of-use'],
      }),
    );
  });

  test('at 48:00 is refused, and nothing of it is saved', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    const review = about.injectedFaults;
    await harness.passUntil(addTime(expiresAt, { minutes: -1 }));
    const expiring = review.hold('reviewOnboarding');
    await harness.passUntil(expiresAt);
    await expiring.reached;
    const late = handle.executeUpdate(register, withRequest('late'));
    expect(await refusalFrom(late)).toBe('invitation-expired');
    expiring.release();
    await untilStageOf(about, 'invitation-expired');
    expect(about.facts.registeredAt).toBeNull();
    expect(about.activityCalls).not.toContain('completeRegistration');
  });

  test('that was begun in time and is written only after the 48th hour counts', async () => {
    const { about, handle, expiresAt } = await invitedOnboarding(harness);
    await harness.passUntil(addTime(expiresAt, { minutes: -1 }));
    about.injectedFaults.fail('completeRegistration');
    const answer = await handle.startUpdate(register, {
      ...withRequest('first'),
      waitForStage: 'ACCEPTED',
    });
    await harness.passUntil(addTime(expiresAt, { minutes: 5 }));
    expect(about.stage).toBe('invited');
    about.injectedFaults.clear();
    await harness.passUntil(addTime(expiresAt, { minutes: 6 }));
    expect(await answer.result()).toEqual({ stage: 'awaiting-terms' });
    await harness.passUntil(addTime(expiresAt, { minutes: 30 }));
    expect(about.stage).toBe('awaiting-terms');
  });

  test('a repeat of the same registration gets the first answer, and the activity runs once', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    const first = await handle.executeUpdate(register, { ...withRequest('first'), updateId: 'register-1' });
    const again = await handle.executeUpdate(register, { ...withRequest('first'), updateId: 'register-1' });
    expect(again).toEqual(first);
    expect(about.activityCalls.filter((name) => name === 'completeRegistration')).toHaveLength(1);
  });

  test('a second one with the same link, while the first is in progress, is refused', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    const writing = about.injectedFaults.hold('completeRegistration');
    const first = handle.executeUpdate(register, withRequest('first'));
    await writing.reached;
    expect(await refusalFrom(handle.executeUpdate(register, withRequest('second')))).toBe(
      'registration-busy',
    );
    writing.release();
    expect(await first).toEqual({ stage: 'awaiting-terms' });
    expect(await refusalFrom(handle.executeUpdate(register, withRequest('third')))).toBe('invitation-ended');
  });

  test('with a username that is taken is refused with that, and the link can be used again', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    about.injectedFaults.refuseOnce('completeRegistration', 'username-taken');
    const failure = await handle
      .executeUpdate(register, withRequest('first'))
      .catch((error: unknown) => error);
    expect(refusalOf(failure)).toMatchObject({ type: 'username-taken' });
    expect(await handle.executeUpdate(register, withRequest('second'))).toEqual({ stage: 'awaiting-terms' });
  });

  test('that is accepted while a review is under way is not undone by that review', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    const review = about.injectedFaults.holdAnswer('reviewOnboarding');
    await handle.signal(factsChanged);
    await review.reached;
    await handle.executeUpdate(register, withRequest('first'));
    review.release();
    await harness.passUntil(addTime(await harness.now(), { minutes: 1 }));
    expect(await attributesOf(handle)).toMatchObject({ Stage: 'awaiting-terms' });
  });

  test('of an agent who lost eligibility or is held is refused for that: the link stays alive, and works again afterwards', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    about.facts.heldAt = await harness.now();
    await handle.signal(factsChanged);
    await untilStageOf(about, 'awaiting-eligibility');
    expect(await refusalFrom(handle.executeUpdate(register, withRequest('held')))).toBe('not-eligible');
    about.facts.heldAt = null;
    await handle.signal(factsChanged);
    await untilStageOf(about, 'invited');
    expect(await handle.executeUpdate(register, withRequest('released'))).toEqual({
      stage: 'awaiting-terms',
    });
  });

  test('wakes the reminders of the terms even if nothing else happens', async () => {
    const { about, handle } = await invitedOnboarding(harness);
    await handle.executeUpdate(register, withRequest('first'));
    const registeredAt = about.facts.registeredAt as Date;
    await harness.passUntil(addTime(registeredAt, { days: 1, hours: 1 }));
    expect(await sentNoticeKinds(harness, about, 'terms-reminder')).toHaveLength(3);
  });
});

describe('an agent who comes back for another plan year', () => {
  const registeredYearsAgo = (now: Date) => addTime(now, { days: -400 });

  test('goes to the terms without an invitation when a new version is in force', async () => {
    const { about } = await startedOnboarding(harness, (facts, now) => {
      facts.registeredAt = registeredYearsAgo(now);
      facts.termsAccepted = [{ kind: 'terms-of-use', version: facts.termsInForce['terms-of-use'] }];
    });
    await untilStageOf(about, 'awaiting-terms');
    expect(about.activityCalls).toEqual(['reviewOnboarding']);
    expect(about.facts.invitation).toBeUndefined();
  });

  test('is active at once when both terms are accepted in the version in force', async () => {
    const { about } = await startedOnboarding(harness, (facts, now) => {
      facts.registeredAt = registeredYearsAgo(now);
      facts.termsAccepted = [
        { kind: 'terms-of-use', version: facts.termsInForce['terms-of-use'] },
        {
          kind: 'agents-and-brokers-terms-of-use',
          version: facts.termsInForce['agents-and-brokers-terms-of-use'],
        },
      ];
    });
    await untilStageOf(about, 'active');
    expect(about.facts.invitation).toBeUndefined();
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
