import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askForHelp, nextOffer } from '../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../end-to-end/onboarded-agents.ts';
import { type Stack, startStack } from '../harness/stack.ts';

let stack: Stack;
let agents: OnboardedAgent[];

beforeAll(async () => {
  stack = await startStack({ offerWindowMs: 3_000 });
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

test('a worker is away while an offer’s time runs out: a late answer is refused and the next agent is asked', async () => {
  const { user } = stack;
  const asked = await askForHelp(user);
  const { agent, offer } = await nextOffer(stack, agents, asked);
  // from here on a missing answer counts as the agent's timeout
  await user.message(agent.email, (mail) => mail.text.includes(offer.zip));
  await stack.stopWorker();
  await sleep(Math.max(0, Date.parse(offer.expiresAt) + 1 - Date.now()));

  const answering = user.call<{ type: string; end: string; at: string }>(
    'POST',
    `offers/${offer.id}/acceptance`,
    {
      cookie: agent.cookie,
      body: {},
    },
  );
  await stack.startWorker();
  const late = await answering;
  expect(late.status).toBe(409);
  expect(late.body).toMatchObject({ type: expect.stringMatching(/offer-ended$/), end: 'expired' });

  const next = await nextOffer(stack, agents, asked, [offer]);
  expect(next.agent.npn).not.toBe(agent.npn);
  const row = await stack.db
    .selectFrom('offers')
    .selectAll()
    .where('id', '=', offer.id)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ endedAs: 'expired', endedBy: 'clock', acceptedAt: null });
  expect(late.body.at).toBe(row.endedAt?.toISOString());
});
