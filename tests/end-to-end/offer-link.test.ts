import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LinkedOffer } from '../../api/schemas/referrals/offers.ts';
import { textOf } from '../contract/privacy/marks.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import {
  type AgentOffer,
  alma,
  askForHelp,
  nextOffer,
  type SubmittedReferral,
  untilReferralStage,
} from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

let stack: Stack;
let agents: OnboardedAgent[];
const people = newSamplePeople();

beforeAll(async () => {
  stack = await startStack();
  await uploadFeedsNaming(stack, people.onboarded);
  agents = await onboardAgents(stack, people.onboarded);
});
afterAll(() => stack.close());

/** Waits for the next offer of a referral, and reads the token of the link in its mail. */
async function mailedOffer(asked: SubmittedReferral, known: AgentOffer[] = []) {
  const turn = await nextOffer(stack, agents, asked, known);
  const isOfIt = (mail: Parameters<typeof textOf>[0]) => textOf(mail).includes(`/offer/${turn.offer.id}#`);
  const mail = await stack.user.message(turn.agent.email, isOfIt);
  const [, token = ''] = new RegExp(`/offer/${turn.offer.id}#([\\w-]+)`).exec(textOf(mail)) ?? [];
  return { ...turn, token };
}

const look = (id: string, token: string) =>
  stack.user.call<LinkedOffer>('GET', `offer-links/${id}`, { bearer: token });
const answer = (id: string, token: string, act: 'acceptance' | 'decline', body: object) =>
  stack.user.call<{ type?: string; end?: string; at?: string }>('POST', `offer-links/${id}/${act}`, {
    bearer: token,
    body,
  });

test('the link in an offer’s mail shows it and answers it, for that offer alone', async () => {
  const asked = await askForHelp(stack.user);
  const first = await mailedOffer(asked);
  // a mail scanner may open the link as often as it likes
  for (const _ of [1, 2, 3]) {
    const seen = await look(first.offer.id, first.token);
    expect(seen).toMatchObject({ status: 200, body: { end: null, acceptedAt: null, zip: alma.zip } });
    expect(JSON.stringify(seen.body)).not.toMatch(new RegExp(`${alma.name}|${alma.email}|6025550177`));
  }
  expect((await answer(first.offer.id, first.token, 'decline', { reason: 'too-busy' })).status).toBe(200);

  const second = await mailedOffer(asked, [first.offer]);
  expect((await look(second.offer.id, first.token)).status).toBe(404);
  const accepted = await answer(second.offer.id, second.token, 'acceptance', {});
  expect(accepted).toMatchObject({ status: 200, body: { referralId: asked.id } });
  expect(JSON.stringify(accepted.body)).not.toContain(alma.name);
  expect((await answer(second.offer.id, second.token, 'acceptance', {})).status).toBe(200);
  await untilReferralStage(stack, asked, 'accepted');
  expect((await look(second.offer.id, second.token)).body.acceptedAt).not.toBeNull();

  // an agent whose offer is over sees what happened, and when
  const late = await answer(first.offer.id, first.token, 'acceptance', {});
  expect(late).toMatchObject({ status: 409, body: { end: 'declined' } });
  const { body } = await look(first.offer.id, first.token);
  expect(body).toMatchObject({ end: 'declined', endedAt: late.body.at });
  await stack.user.expect('POST', `referrals/${asked.id}/withdrawal`, { bearer: asked.token, body: {} });
});
