import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { audit } from '../../workflows/audit.ts';
import { referralWorkflowId } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { askForHelp, nextOffer, type SubmittedReferral, untilReferralStage } from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

let stack: Stack;
let agents: OnboardedAgent[];

beforeAll(async () => {
  stack = await startStack();
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

const handleOf = ({ id }: SubmittedReferral) =>
  stack.temporal.workflow.getHandle(referralWorkflowId({ referralId: id }));

/** Terminates a workflow, as nobody should, and runs the audit until it is started again. */
async function breakAndAudit(asked: SubmittedReferral): Promise<void> {
  const before = await handleOf(asked).describe();
  await handleOf(asked).terminate();
  await eventually(async () => {
    await stack.temporal.workflow.execute(audit, {
      workflowId: `audit-${asked.id}-${Date.now()}`,
      taskQueue: stack.taskQueue,
    });
    const { status, runId } = await handleOf(asked).describe();
    if (status.name !== 'RUNNING' || runId === before.runId) throw new Error('It does not run yet.');
  });
}

test('a referral whose workflow was terminated goes on: the offer stands, and a refusal asks the next agent', async () => {
  const { user } = stack;
  const asked = await askForHelp(user);
  const { agent, offer } = await nextOffer(stack, agents, asked);
  await breakAndAudit(asked);
  await user.expect('POST', `offers/${offer.id}/decline`, {
    cookie: agent.cookie,
    body: { reason: 'too-busy' },
  });
  const next = await nextOffer(stack, agents, asked, [offer]);
  expect(next.agent.npn).not.toBe(agent.npn);

  // an accepted referral stays with its agent, and goes on from there
  await user.expect('POST', `offers/${next.offer.id}/acceptance`, {
    cookie: next.agent.cookie,
    body: {},
  });
  await untilReferralStage(stack, asked, 'accepted');
  await breakAndAudit(asked);
  await user.expect('POST', `referrals/${asked.id}/outcomes`, {
    cookie: next.agent.cookie,
    body: { outcome: 'contacted' },
  });
  await untilReferralStage(stack, asked, 'contacted');
  const offers = await stack.db
    .selectFrom('offers')
    .select(['npn', 'endedAs'])
    .where('referralId', '=', asked.id)
    .orderBy('number')
    .execute();
  expect(offers).toEqual([
    { npn: agent.npn, endedAs: 'declined' },
    { npn: next.agent.npn, endedAs: null },
  ]);
});
