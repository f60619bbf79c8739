import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import { factsChanged } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
  acceptTermsInFacts,
  eligibleFacts,
  licenseOf,
  registeredOnboarding,
  sentNoticeKinds,
  startedOnboarding,
  untilStageOf,
} from './scenarios/onboarding-scenarios.ts';
import { openWorkflowHarness } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

describe('an agent whose license nobody knows yet', () => {
  test('is looked up again and again, and invited once the registry has it', async () => {
    const { about } = await startedOnboarding(harness, (facts, now) => {
      facts.evidence.licenses = [];
      facts.licenseLookupAt = addTime(now, { hours: 1 });
    });
    await harness.passUntil(addTime(about.since, { hours: 4 }));
    const lookups = () => about.activityCalls.filter((name) => name === 'lookUpLicense').length;
    await eventually(() => expect(lookups()).toBeGreaterThanOrEqual(3));
    expect(about.causes).toEqual(['licensed-with-health-line', 'license-not-found']);

    about.facts.evidence.licenses = eligibleFacts(await harness.now()).evidence.licenses;
    await harness.passUntil(addTime(about.since, { hours: 6 }));
    await untilStageOf(about, 'invited');
    const lookupsSoFar = lookups();
    await harness.passUntil(addTime(about.since, { hours: 12 }));
    expect(lookups()).toBe(lookupsSoFar);
  });

  test('is notified why the invitation is late, once, and is shown as late', async () => {
    const { about } = await startedOnboarding(harness, (facts, now) => {
      facts.evidence.licenses = [];
      facts.lateAt = addTime(now, { days: 2 });
    });
    await harness.passUntil(addTime(about.since, { days: 1 }));
    expect(harness.delivery.sentBy(about.workflowId)).toEqual([]);
    await harness.passUntil(addTime(about.since, { days: 9 }));
    expect(await sentNoticeKinds(harness, about, 'invitation-late')).toEqual(['invitation-late']);
    expect(about.causes).toContain('late');
    expect(about.stage).toBe('awaiting-eligibility');
  });
});

describe('an active agent', () => {
  test('is warned 60, 30 and 7 days before the license ends, and suspended when it has', async () => {
    const scenario = await registeredOnboarding(harness, (facts, now) => {
      facts.warnBeforeMs = [60, 30, 7].map((days) => days * 86_400_000);
      facts.evidence.licenses = [
        licenseOf(now, { expiresOn: marketplaceDateAt(addTime(now, { days: 100 })) }),
      ];
    });
    const { about, handle } = scenario;
    acceptTermsInFacts(about, 'agents-and-brokers-terms-of-use');
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    const warnings = () =>
      harness.delivery.sentBy(about.workflowId).filter(({ kind }) => kind === 'expiring-soon');
    await harness.passUntil(addTime(about.since, { days: 99 }));
    await eventually(() => expect(warnings()).toHaveLength(3));
    const days = warnings().map(({ at }) => Math.round((at.getTime() - about.since.getTime()) / 86_400_000));
    for (const [index, day] of [41, 71, 94].entries())
      expect(Math.abs((days[index] ?? 0) - day)).toBeLessThanOrEqual(1);
    await harness.passUntil(addTime(about.since, { days: 102 }));
    await untilStageOf(about, 'suspended');
    expect(warnings()).toHaveLength(3);
  });

  test('gets one warning, not three, of an end that is close when it becomes known', async () => {
    const scenario = await registeredOnboarding(harness);
    const { about, handle } = scenario;
    acceptTermsInFacts(about, 'agents-and-brokers-terms-of-use');
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    const now = await harness.now();
    about.facts.warnBeforeMs = [60, 30, 7].map((days) => days * 86_400_000);
    about.facts.evidence.licenses = [
      licenseOf(now, { expiresOn: marketplaceDateAt(addTime(now, { days: 5 })) }),
    ];
    await handle.signal(factsChanged);
    expect(await sentNoticeKinds(harness, about, 'expiring-soon')).toEqual([
      'invitation',
      'registration-confirmed',
      'active',
      'expiring-soon',
    ]);
  });
});

test('an agent whose address changes before they register gets another invitation at the new one', async () => {
  const { about, handle } = await startedOnboarding(harness);
  await untilStageOf(about, 'invited');
  await sentNoticeKinds(harness, about, 'invitation');
  const first = about.facts.invitation;
  if (!first) throw new Error('there is no invitation');
  about.facts.invitation = { ...first, sentToFormerAddress: true };
  await handle.signal(factsChanged);
  await eventually(() => expect(about.facts.invitation?.sentToFormerAddress).toBe(false));
  await untilStageOf(about, 'invited');
  await eventually(() =>
    expect(harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind)).toEqual([
      'invitation',
      'invitation',
    ]),
  );
});
