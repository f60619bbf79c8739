import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { AgentForOps, OnboardingBoard } from '../../api/schemas/ops/ops.ts';
import { logIn } from '../../standalone/demo/onboard-agent.ts';
import { onboardingWorkflowId } from '../../workflows/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { eventually } from '../harness/eventually.ts';
import { addAuthenticatorApp } from '../harness/people/second-factor.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { newSamplePeople, uploadFeedsNaming } from './onboarded-agents.ts';

const { invited } = newSamplePeople();
const { npn } = invited;
const key = { npn, planYear: 2027 };
const ops = { username: `ops-${randomUUID()}`, password: 'Harbor!Lantern7' };

let stack: Stack;
let cookie: string;
beforeAll(async () => {
  stack = await startStack();
  const passwordHash = await hash(ops.password);
  const accountId = randomUUID();
  const account = { id: accountId, username: ops.username, role: 'ops', createdAt: new Date() };
  await stack.db
    .insertInto('accounts')
    .values({ ...account, passwordHash })
    .execute();
  const totpSecret = await addAuthenticatorApp(stack.db, { accountId, linkSecret: stack.linkSecret });
  cookie = await logIn(stack.user, { ...ops, totpSecret });
  await uploadFeedsNaming(stack, [invited]);
  await stack.user.message(invited.email);
});
afterAll(() => stack.close());

/** Reads the agent's row on the ops board. */
async function onBoard(): Promise<OnboardingBoard['items'][number]> {
  const { body } = await stack.user.call<AgentForOps>('GET', `ops/onboardings/${npn}`, { cookie });
  const item = body.onboardings.find(({ planYear }) => planYear === key.planYear);
  if (!item) throw new Error('the agent is not on the board');
  return item;
}

/** Reads what the Temporal UI shows of the agent: search attributes and Current Details. */
async function inTemporal() {
  const handle = stack.temporal.workflow.getHandle(onboardingWorkflowId(key));
  const { typedSearchAttributes: found } = await handle.describe();
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return {
    stage: found.get(searchAttributes.stage),
    causes: found.get(searchAttributes.causes) ?? [],
    since: found.get(searchAttributes.since)?.toISOString(),
    details: currentDetails,
  };
}

const act = (path: string, body: object) =>
  stack.user.expect('POST', `ops/${path}`, { cookie, body: { reason: 'A complaint', ...body } });

/** Waits until both show this stage, and compares them. */
async function bothSay(stage: string, causes: string[]): Promise<void> {
  await eventually(async () => {
    const { stage: its, causes: why, since, details } = await onBoard();
    expect({ stage: its, causes: why }).toEqual({ stage, causes });
    expect(await inTemporal()).toEqual({ stage, causes, since, details });
  });
}

test('board and Temporal UI show the same: invited, held, released, gone', async () => {
  await bothSay('invited', []);
  await act(`agents/${npn}/hold`, {});
  await bothSay('awaiting-eligibility', ['held']);
  await act(`agents/${npn}/release`, {});
  await bothSay('invited', []);
  await act(`agents/${npn}/deactivation`, { because: 'death' });
  await bothSay('left', []);
  const item = await onBoard();
  expect(item).toMatchObject({ nextActionAt: null, canDo: ['note'] });
});
