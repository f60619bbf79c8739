import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { endOfMarketplaceDay, marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import { factsChanged } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import {
  acceptTermsInFacts,
  licenseOf,
  registeredOnboarding,
  sentNoticeKinds,
  untilStageOf,
} from './scenarios/onboarding-scenarios.ts';
import { attributesOf, openWorkflowHarness } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

type Registered = Awaited<ReturnType<typeof registeredOnboarding>>;

/** Instants at which the agent was reminded of the terms. */
function reminders({ about }: Registered): Date[] {
  const sent = harness.delivery.sentBy(about.workflowId);
  return sent.filter(({ kind }) => kind === 'terms-reminder').map(({ at }) => at);
}

async function activated(arrange?: Parameters<typeof registeredOnboarding>[1]): Promise<Registered> {
  const scenario = await registeredOnboarding(harness, arrange);
  acceptTermsInFacts(scenario.about, 'agents-and-brokers-terms-of-use');
  await scenario.handle.signal(factsChanged);
  await untilStageOf(scenario.about, 'active');
  return scenario;
}

describe('an agent who has registered and not accepted both sets of terms', () => {
  test('is reminded after 1, 3 and 7 days, and then no more', async () => {
    const scenario = await registeredOnboarding(harness);
    const { about, registeredAt } = scenario;
    await harness.passUntil(addTime(registeredAt, { days: 30 }));
    await eventually(() => expect(reminders(scenario)).toHaveLength(3));
    const days = reminders(scenario).map((at) => (at.getTime() - registeredAt.getTime()) / 86_400_000);
    expect(days.map((day) => Math.round(day * 100) / 100)).toEqual([1, 3, 7]);
    expect(about.stage).toBe('awaiting-terms');
  });

  test('is not reminded any more after accepting', async () => {
    const scenario = await registeredOnboarding(harness);
    const { about, handle, registeredAt } = scenario;
    await harness.passUntil(addTime(registeredAt, { days: 2 }));
    acceptTermsInFacts(about, 'agents-and-brokers-terms-of-use');
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    await harness.passUntil(addTime(registeredAt, { days: 10 }));
    expect(reminders(scenario)).toHaveLength(1);
  });

  test('gets every reminder that fell due in an outage of 4 days, as soon as it is over', async () => {
    const scenario = await registeredOnboarding(harness);
    const { about, registeredAt } = scenario;
    about.injectedFaults.failForDays('reviewOnboarding', 'remindOfTerms');
    await harness.passUntil(addTime(registeredAt, { days: 4 }));
    expect(reminders(scenario)).toEqual([]);
    about.injectedFaults.clear();
    await harness.passUntil(addTime(registeredAt, { days: 4, hours: 3 }));
    await eventually(() => expect(reminders(scenario)).toHaveLength(2));
    await harness.passUntil(addTime(registeredAt, { days: 8 }));
    await eventually(() => expect(reminders(scenario)).toHaveLength(3));
  });
});

describe('an agent who has accepted both sets of terms', () => {
  test('is active, is notified, and ops see until when that holds', async () => {
    const { about, handle } = await activated();
    expect(await sentNoticeKinds(harness, about, 'active')).toEqual([
      'invitation',
      'registration-confirmed',
      'active',
    ]);
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'active',
        Causes: [],
        WaitingUntil: endOfMarketplaceDay(`${about.planYear}-12-31`),
      }),
    );
  });

  test('is suspended at the instant at which the last license ends, and notified', async () => {
    let lastDay = '';
    const { about, handle } = await activated(({ evidence }, now) => {
      lastDay = marketplaceDateAt(addTime(now, { days: 20 }));
      evidence.licenses = [licenseOf(now, { expiresOn: lastDay })];
    });
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({ WaitingUntil: endOfMarketplaceDay(lastDay) }),
    );
    await harness.passUntil(addTime(endOfMarketplaceDay(lastDay), { minutes: -10 }));
    expect(about.stage).toBe('active');
    await harness.passUntil(endOfMarketplaceDay(lastDay));
    await untilStageOf(about, 'suspended');
    expect(about.causes).toEqual(['licensed-with-health-line']);
    expect(about.since.getTime()).toBeGreaterThanOrEqual(endOfMarketplaceDay(lastDay).getTime());
    expect(about.since.getTime()).toBeLessThan(
      addTime(endOfMarketplaceDay(lastDay), { seconds: 10 }).getTime(),
    );
    await sentNoticeKinds(harness, about, 'suspended');
  });

  test('whose license is renewed after that is active again', async () => {
    const { about, handle } = await activated(({ evidence }, now) => {
      evidence.licenses = [licenseOf(now, { expiresOn: marketplaceDateAt(addTime(now, { days: 2 })) })];
    });
    await harness.passUntil(addTime(about.since, { days: 5 }));
    await untilStageOf(about, 'suspended');
    about.facts.evidence.licenses = [licenseOf(await harness.now(), {})];
    await handle.signal(factsChanged);
    await untilStageOf(about, 'active');
    expect(await sentNoticeKinds(harness, about, 'active-again')).toHaveLength(5);
  });

  test('lapses when the registration ends: the agent is notified, and the workflow completes', async () => {
    let lastDay = '';
    const { about, handle } = await activated(({ evidence }, now) => {
      lastDay = marketplaceDateAt(addTime(now, { days: 40 }));
      if (evidence.registration) evidence.registration.endsOn = lastDay;
    });
    await harness.passUntil(addTime(endOfMarketplaceDay(lastDay), { minutes: -10 }));
    expect(about.stage).toBe('active');
    await harness.passUntil(endOfMarketplaceDay(lastDay));
    await untilStageOf(about, 'lapsed');
    expect(await handle.result()).toBe('lapsed');
    expect(await sentNoticeKinds(harness, about, 'lapsed')).toHaveLength(4);
    expect(await attributesOf(handle)).toMatchObject({ Stage: 'lapsed' });
  });

  test('who leaves ends the workflow', async () => {
    const { about, handle } = await activated();
    about.facts.leftAt = await harness.now();
    await handle.signal(factsChanged);
    expect(await handle.result()).toBe('left');
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
