import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../harness/stack.ts';
import { anyConsumer, askForHelp, nextOffer, type SubmittedReferral } from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

let stack: Stack;
let agent: OnboardedAgent;
beforeAll(async () => {
  stack = await startStack();
  const [one] = newSamplePeople().onboarded;
  if (!one) throw new Error('nobody is there');
  await uploadFeedsNaming(stack, [one]);
  [agent] = (await onboardAgents(stack, [one])) as [OnboardedAgent];
});
afterAll(() => stack.close());

const unavailableFor = (ms: number) =>
  stack.user.expect('PUT', 'me/availability/override', {
    cookie: agent.cookie,
    body: { state: 'off', until: new Date(Date.now() + ms).toISOString() },
  });

/** Waits until matching has found nobody. */
const untilItWaits = ({ id, token }: SubmittedReferral) =>
  stack.user.until('nobody to be found', async () => {
    const { body } = await stack.user.expect<{ causes: string[] }>('GET', `referrals/${id}`, {
      bearer: token,
    });
    return body.causes.includes('nobody-available') ? true : undefined;
  });

test('an unavailable agent is not asked; when the time off ends by itself, the oldest waiting request is offered', async () => {
  await unavailableFor(3_600_000);
  const first = await askForHelp(stack.user, anyConsumer());
  await untilItWaits(first);
  const second = await askForHelp(stack.user, anyConsumer());
  await untilItWaits(second);
  const asked = await stack.db.selectFrom('offers').select('id').execute();
  expect(asked).toEqual([]);

  await unavailableFor(1_000);
  const { offer } = await nextOffer(stack, [agent], first);
  expect(offer.referralId).toBe(first.id);
  await stack.user.expect('POST', `offers/${offer.id}/decline`, {
    cookie: agent.cookie,
    body: { reason: 'too-busy' },
  });
  // the free capacity goes to the next referral
  expect((await nextOffer(stack, [agent], second)).offer.referralId).toBe(second.id);
});
