import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { untilStage } from '../../standalone/demo/onboard-agent.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { alma, askForHelp, nextOffer, type SubmittedReferral, untilReferralStage } from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
  uploadLicensesWithout,
} from './onboarded-agents.ts';

let stack: Stack;
let agents: OnboardedAgent[];
beforeAll(async () => {
  // with so few rows one agent's are more than the default share that may go
  stack = await startStack({ maxRemovedShare: 1 });
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

const seenBy = async ({ cookie }: OnboardedAgent, { id }: SubmittedReferral) => {
  const { body } = await stack.user.expect<{
    referrals: { id: string; endedAs: string | null; consumer: object | null }[];
  }>('GET', 'me/referrals', { cookie });
  return body.referrals.find((one) => one.id === id);
};

test('an agent who loses the licenses loses the accepted referral: both are notified, the contact is gone, the next agent is asked', async () => {
  const { user } = stack;
  const asked = await askForHelp(user);
  const { agent, offer } = await nextOffer(stack, agents, asked);
  await user.expect('POST', `offers/${offer.id}/acceptance`, { cookie: agent.cookie, body: {} });
  await untilReferralStage(stack, asked, 'accepted');
  expect(await seenBy(agent, asked)).toMatchObject({ consumer: { name: alma.name, phone: alma.phone } });

  await uploadLicensesWithout(stack, agent);

  await untilStage(user, agent.cookie, 'suspended');
  const agentMail = await user.message(
    agent.email,
    ({ subject }) => subject?.includes('no longer yours') ?? false,
  );
  expect(agentMail.text).toContain('Please do not contact the consumer');
  expect(agentMail.text).not.toContain(alma.name);
  const consumerMail = await user.message(
    alma.email,
    ({ subject }) => subject === 'We are asking another agent for you',
  );
  expect(consumerMail.text).toContain(`${agent.firstName} ${agent.lastName} is no longer available`);
  // the reason is between the agent and the service
  expect(consumerMail.text).not.toMatch(/licen[sc]e|suspend|eligib/i);

  expect(await seenBy(agent, asked)).toMatchObject({ consumer: null });
  const next = await nextOffer(stack, agents, asked, [offer]);
  expect(next.agent.npn).not.toBe(agent.npn);
  await user.expect('POST', `offers/${next.offer.id}/acceptance`, { cookie: next.agent.cookie, body: {} });
  expect(await untilReferralStage(stack, asked, 'accepted')).toMatchObject({
    agent: { npn: next.agent.npn },
  });
});
