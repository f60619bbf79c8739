import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../harness/stack.ts';
import { type Asked, askForHelp, nextOffer, somebody } from './ask-for-help.ts';
import { type Aboard, bringAboard, feed, newPeople } from './onboard.ts';

let stack: Stack;
let agent: Aboard;
beforeAll(async () => {
  stack = await startStack();
  const [one] = newPeople().aboard;
  if (!one) throw new Error('nobody is there');
  await feed(stack, [one]);
  [agent] = (await bringAboard(stack, [one])) as [Aboard];
});
afterAll(() => stack.close());

const switchTo = (body: object) =>
  stack.visitor.expect('PUT', 'me/availability/override', { cookie: agent.cookie, body });

/** Until it has looked and found nobody. */
const untilItWaits = ({ id, token }: Asked) =>
  stack.visitor.until('nobody to be found', async () => {
    const { body } = await stack.visitor.expect<{ causes: string[] }>('GET', `referrals/${id}`, {
      bearer: token,
    });
    return body.causes.includes('nobody-available') ? true : undefined;
  });

test('who is off duty is not asked; when the time off ends by itself, the oldest request that waits is offered', async () => {
  await switchTo({ state: 'off', until: new Date(Date.now() + 4_000).toISOString() });
  const first = await askForHelp(stack.visitor, somebody());
  await untilItWaits(first);
  const second = await askForHelp(stack.visitor, somebody());
  await untilItWaits(second);
  const asked = await stack.db.selectFrom('offers').select('id').execute();
  expect(asked).toEqual([]);

  const { offer } = await nextOffer(stack, [agent], first);
  expect(offer.referralId).toBe(first.id);
  await stack.visitor.expect('POST', `offers/${offer.id}/decline`, {
    cookie: agent.cookie,
    body: { reason: 'too-busy' },
  });
  // the place that became free is the next one's
  expect((await nextOffer(stack, [agent], second)).offer.referralId).toBe(second.id);
});
