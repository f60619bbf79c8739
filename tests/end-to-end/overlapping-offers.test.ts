import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../harness/stack.ts';
import { type AgentOffer, anyConsumer, askForHelp, nextOffer, untilReferralStage } from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

let stack: Stack;
let agents: OnboardedAgent[];
beforeAll(async () => {
  stack = await startStack({
    offerOverlap: { afterMs: 1_000, atOnce: 2 },
    openOffersPerAgent: 10,
    uncontactedReferralsPerAgent: 1_000,
  });
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

interface Turn {
  agent: OnboardedAgent;
  offer: AgentOffer;
}
interface Answer {
  status: number;
  body: { type?: string; end?: string; at?: string; consumer?: object };
}

const accept = ({ agent, offer }: Turn): Promise<Answer> =>
  stack.user.call('POST', `offers/${offer.id}/acceptance`, { cookie: agent.cookie, body: {} });
const decline = ({ agent, offer }: Turn): Promise<Answer> =>
  stack.user.call('POST', `offers/${offer.id}/decline`, { cookie: agent.cookie, body: { reason: 'other' } });
const becameOf = async ({ agent, offer }: Turn) =>
  (await stack.user.expect<Record<string, unknown>>('GET', `offers/${offer.id}`, { cookie: agent.cookie }))
    .body;

async function askedOfTwo() {
  const asked = await askForHelp(stack.user, anyConsumer());
  const first = await nextOffer(stack, agents, asked);
  const second = await nextOffer(stack, agents, asked, [first.offer]);
  return { asked, turns: [first, second] as const };
}
const withdraw = ({ id, token }: { id: string; token: string }) =>
  stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });

test.each([1, 2, 3])(
  'two agents accept at once: one has the referral, the other hears who was first and when (round %i)',
  async (round) => {
    const { asked, turns } = await askedOfTwo();
    const order = round % 2 === 0 ? turns : turns.toReversed();
    const answers = await Promise.all(order.map(accept));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const lost = answers.findIndex(({ status }) => status === 409);
    const [loser, winner] = [order[lost], order[1 - lost]] as [Turn, Turn];
    const { acceptedAt } = await becameOf(winner);
    expect(answers[lost]?.body).toMatchObject({ end: 'taken', at: acceptedAt });
    expect(answers[lost]?.body).not.toHaveProperty('consumer');
    expect(await becameOf(loser)).toMatchObject({ end: 'taken', endedAt: acceptedAt, acceptedAt: null });
    // so does one who declines now, and the consumer meets the winner alone
    expect(await decline(loser)).toMatchObject({ status: 409, body: { end: 'taken', at: acceptedAt } });
    const { agent } = await untilReferralStage(stack, asked, 'accepted');
    expect(agent?.npn).toBe(winner.agent.npn);
    await withdraw(asked);
  },
);

test.each([1, 2, 3])(
  'one agent accepts while the other declines: both are answered (round %i)',
  async (round) => {
    const { asked, turns } = await askedOfTwo();
    const [one, other] = turns;
    const [no, yes] =
      round % 2 === 0
        ? await Promise.all([decline(one), accept(other)])
        : await Promise.all([accept(other), decline(one)]).then(
            ([second, first]) => [first, second] as const,
          );
    expect(yes.status).toBe(200);
    const { end } = await becameOf(one);
    expect(no.status === 200 ? 'declined' : no.body.end).toBe(end);
    const { agent } = await untilReferralStage(stack, asked, 'accepted');
    expect(agent?.npn).toBe(other.agent.npn);
    await withdraw(asked);
  },
);

test('the agent who was too late gets a message over the channel of the offer', async () => {
  const { asked, turns } = await askedOfTwo();
  const [first, second] = turns;
  await stack.user.message(second.agent.email, ({ text }) => text.includes(second.offer.id));
  await accept(first);
  const { text } = await stack.user.message(second.agent.email, (mail) =>
    (mail.subject ?? '').startsWith('Taken at '),
  );
  expect(text).toContain('another agent accepted this referral first');
  await withdraw(asked);
});
