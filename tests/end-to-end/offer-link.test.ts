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

/** Has an agent's offers sent by text and push too. @returns the address of their device at the push service */
async function addTextAndPush({ cookie, phone }: OnboardedAgent): Promise<string> {
  const { user } = stack;
  await user.expect('PATCH', 'me/profile', { cookie, body: { contactPreference: 'email-text-app' } });
  // the registration has sent it
  const { text } = await user.message(phone, (message) => /\b\d{6}\b/.test(message.text));
  const [code = ''] = /\b\d{6}\b/.exec(text) ?? [];
  await user.expect('POST', 'me/phone/verification', { cookie, body: { code } });
  const subscribed = await fetch(`${stack.mailboxUrl}/push/subscriptions`, { method: 'POST' });
  const { endpoint, keys } = (await subscribed.json()) as { endpoint: string; keys: object };
  await user.expect('POST', 'me/push-subscriptions', { cookie, body: { endpoint, keys } });
  return endpoint;
}

test('the links in the text and in the push of an offer open and accept it without a session', async () => {
  const devices = new Map<string, string>();
  for (const agent of agents) devices.set(agent.npn, await addTextAndPush(agent));
  const asked = await askForHelp(stack.user);
  const { agent, offer } = await nextOffer(stack, agents, asked);
  // as after a night without use
  await stack.db.deleteFrom('sessions').execute();
  const isOfIt = (message: object) => JSON.stringify(message).includes(`/offer/${offer.id}#`);
  const text = await stack.user.message(agent.phone, isOfIt);
  const push = await stack.user.message(devices.get(agent.npn) ?? '', isOfIt);
  for (const message of [text, push]) {
    const [, token = ''] = new RegExp(`/offer/${offer.id}#([\\w-]+)`).exec(JSON.stringify(message)) ?? [];
    expect(await look(offer.id, token)).toMatchObject({ status: 200, body: { end: null, zip: alma.zip } });
    // the second is a repeat by the winner
    const accepted = await answer(offer.id, token, 'acceptance', {});
    expect(accepted).toMatchObject({ status: 200, body: { referralId: asked.id } });
  }
  await untilReferralStage(stack, asked, 'accepted');
  await stack.user.expect('POST', `referrals/${asked.id}/withdrawal`, { bearer: asked.token, body: {} });
});
