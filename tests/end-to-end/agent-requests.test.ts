import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noticeWorkflowId, onboardingWorkflowId } from '../../workflows/messages.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

const people = newSamplePeople();
const [rosa] = people.onboarded;
const dana = people.invited;
const planYear = 2027;
if (!rosa) throw new Error('nobody is onboarded');

let stack: Stack;
let agent: OnboardedAgent;
beforeAll(async () => {
  stack = await startStack();
  await uploadFeedsNaming(stack, [rosa, dana]);
  [agent] = (await onboardAgents(stack, [rosa])) as [OnboardedAgent];
});
afterAll(() => stack.close());

const ask = (path: 'onboarding-status-requests' | 'log-in-reminders', npn: string) =>
  stack.user.expect('POST', path, { body: { npn } });
const mailTo = (email: string, subject: string) =>
  stack.user.message(email, (message) => message.subject === subject);
const standing = 'Where your Help On Demand registration stands';

test('an agent who has yet to use the link is reminded of it, at the MLMS address, without the link', async () => {
  await stack.user.message(dana.email);
  await ask('onboarding-status-requests', dana.npn);
  const { text } = await mailTo(dana.email, standing);
  expect(text).toContain('An invitation with your link to register was sent to this email address');
  expect(text).not.toContain('/register');
});

test('a registered agent gets the username and where to log in', async () => {
  await ask('log-in-reminders', agent.npn);
  const { text } = await mailTo(agent.email, 'How to log in to Help On Demand');
  expect(text).toContain(`Your username is: ${agent.username}`);
  expect(text).toContain(`${stack.apiUrl}/login`);
});

test('an agent who has left serves nobody, can read, and still gets an answer although no workflow runs any more', async () => {
  const { cookie, npn, email } = agent;
  await stack.user.expect('POST', 'me/departure', { cookie, body: { reason: 'other' } });
  await stack.user.until('the end of the workflow', async () => {
    const { status } = await stack.temporal.workflow
      .getHandle(onboardingWorkflowId({ npn, planYear }))
      .describe();
    return status.name === 'COMPLETED' || undefined;
  });
  // the workflow of the other plan year is woken too
  await stack.user.until('nothing to be served', async () => {
    const rows = await stack.db.selectFrom('serving').select('state').where('npn', '=', npn).execute();
    return rows.length === 0 || undefined;
  });
  const view = await stack.user.expect<{ stage: string }>('GET', 'me/onboarding', { cookie });
  expect(view.body.stage).toBe('left');

  await ask('onboarding-status-requests', npn);
  expect((await mailTo(email, standing)).text).toContain('You have left Help On Demand.');
  const { id: noticeId } = await stack.db
    .selectFrom('notices')
    .select('id')
    .where('npn', '=', npn)
    .where('kind', '=', 'status-answer')
    .executeTakeFirstOrThrow();
  const handle = stack.temporal.workflow.getHandle(noticeWorkflowId({ noticeId }));
  await handle.result();
  // ids and kinds only, as in every workflow
  expect(JSON.stringify(await handle.fetchHistory())).not.toContain(email);
});
