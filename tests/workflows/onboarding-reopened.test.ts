import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { factsChanged } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { acceptTermsInFacts, registeredOnboarding, untilStageOf } from './scenarios/onboarding-scenarios.ts';
import { openWorkflowHarness } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterAll(async () => {
  await harness.endWorkflows();
  await harness.close();
});

/** Onboards an agent and ends the registration, while a provider outage keeps the last notice waiting. */
async function lapsedWithPendingNotice() {
  const scenario = await registeredOnboarding(harness);
  const { about, handle } = scenario;
  acceptTermsInFacts(about, 'agents-and-brokers-terms-of-use');
  await handle.signal(factsChanged);
  await untilStageOf(about, 'active');
  harness.delivery.useProvider(about.workflowId, () => {
    throw new Error('outage');
  });
  const { registration } = about.facts.evidence;
  if (!registration) throw new Error('there is no registration');
  about.facts.evidence = { ...about.facts.evidence, registration: { ...registration, endsOn: '2020-01-01' } };
  await handle.signal(factsChanged);
  await untilStageOf(about, 'lapsed');
  const reopen = () => {
    about.facts.evidence = { ...about.facts.evidence, registration };
    about.closedAt = undefined;
    about.stage = 'suspended';
    return handle.signal(factsChanged);
  };
  const endOutage = () => void harness.delivery.useProvider(about.workflowId, () => 'sent');
  return { ...scenario, reopen, endOutage };
}

test('an onboarding that is reopened while its last notice is on its way goes on', async () => {
  const { about, handle, reopen, endOutage } = await lapsedWithPendingNotice();
  await reopen();
  await untilStageOf(about, 'active');
  endOutage();
  await eventually(() => {
    if (harness.delivery.pendingOf(about.workflowId).length > 0) throw new Error('A notice is on its way.');
  });
  expect((await handle.describe()).status.name).toBe('RUNNING');
});

test('one that is woken while its last notice is on its way, and was not reopened, ends as it stands', async () => {
  const { about, handle, endOutage } = await lapsedWithPendingNotice();
  await handle.signal(factsChanged);
  endOutage();
  expect(await handle.result()).toBe('lapsed');
  expect(about.stage).toBe('lapsed');
});
