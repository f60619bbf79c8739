import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { logIn } from '../../../standalone/demo/onboard-agent.ts';
import type { SamplePerson } from '../../../standalone/sample/sample-agents.ts';
import { generatePassword } from '../../../store/accounts/passwords.ts';
import { askForHelp, nextOffer, untilReferralStage } from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { addAuthenticatorApp } from '../../harness/people/second-factor.ts';
import { type Stack, startStack } from '../../harness/stack.ts';
import { postJson } from '../../standalone/fakes/running-mailbox.ts';

let stack: Stack;
let agent: OnboardedAgent;
const {
  onboarded: [first],
  invited,
} = newSamplePeople() as { onboarded: [SamplePerson]; invited: SamplePerson };

beforeAll(async () => {
  stack = await startStack();
  await postJson(`${stack.mailboxUrl}/faults`, { channel: 'email', kind: 'bounce', to: invited.email });
  await uploadFeedsNaming(stack, [first, invited]);
});
afterAll(() => stack.close());

const onboardingOf = (npn: string) =>
  stack.db
    .selectFrom('onboardings')
    .select(['stage', 'causes'])
    .where('npn', '=', npn)
    .where('planYear', '=', 2027)
    .executeTakeFirst();

async function opsCookie(): Promise<string> {
  const [username, password] = [`ops-${randomUUID()}`, generatePassword()];
  const passwordHash = await hash(password, { memoryCost: 1024, timeCost: 1 });
  const account = { id: randomUUID(), username, passwordHash, role: 'ops', createdAt: new Date() };
  await stack.db.insertInto('accounts').values(account).execute();
  const totpSecret = await addAuthenticatorApp(stack.db, {
    accountId: account.id,
    linkSecret: stack.linkSecret,
  });
  return logIn(stack.user, { username, password, totpSecret });
}

/** Delivery status and code of an offer's messages, by channel. */
async function deliveryStatuses(offerId: string): Promise<Record<string, [string, string | null]>> {
  const rows = await stack.db
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .select(['channel', 'status', 'code'])
    .where('offerId', '=', offerId)
    .execute();
  return Object.fromEntries(rows.map(({ channel, status, code }) => [channel, [status, code]]));
}

test('an invitation that bounces makes the onboarding undeliverable; a new address in the feed is invited again', async () => {
  const { user } = stack;
  await user.until('the onboarding to be undeliverable', async () => {
    const onboarding = await onboardingOf(invited.npn);
    return onboarding?.stage === 'invitation-undeliverable' ? onboarding : undefined;
  });
  expect(await onboardingOf(invited.npn)).toEqual({
    stage: 'invitation-undeliverable',
    causes: ['undeliverable'],
  });
  const board = await user.expect<{ items: { npn: string; causes: string[] }[] }>(
    'GET',
    'ops/onboardings?stage=invitation-undeliverable',
    { cookie: await opsCookie() },
  );
  expect(board.body.items).toContainEqual(
    expect.objectContaining({ npn: invited.npn, causes: ['undeliverable'] }),
  );
  const known = await stack.db
    .selectFrom('agents')
    .select('emailUndeliverableAt')
    .where('npn', '=', invited.npn)
    .executeTakeFirst();
  expect(known?.emailUndeliverableAt).toEqual(expect.any(Date));

  const corrected = { ...invited, email: `right-${invited.npn}@example.com` };
  await uploadFeedsNaming(stack, [first, corrected]);
  await user.message(corrected.email, (mail) => mail.text.includes('/register#'));
  await user.until('the onboarding to be invited', async () => {
    const onboarding = await onboardingOf(invited.npn);
    return onboarding?.stage === 'invited' ? onboarding : undefined;
  });
});

describe('an offer', () => {
  beforeAll(async () => {
    [agent] = (await onboardAgents(stack, [first])) as [OnboardedAgent];
  });

  test('is delivered by mail and text, as the providers report', async () => {
    const referral = await askForHelp(stack.user, { phone: '+16025550171', email: 'a.171@example.org' });
    const { offer } = await nextOffer(stack, [agent], referral);
    await stack.user.until('both providers to report', async () => {
      const { email, text } = await deliveryStatuses(offer.id);
      return email?.[0] === 'delivered' && text?.[0] === 'delivered' ? true : undefined;
    });
    await stack.user.expect('POST', `offers/${offer.id}/decline`, {
      cookie: agent.cookie,
      body: { reason: 'too-busy' },
    });
  });

  test('is not texted to an agent who replied STOP; mail continues', async () => {
    const { user, mailboxUrl } = stack;
    const reply = await postJson(`${mailboxUrl}/texts`, { from: agent.phone, text: 'Stop!' });
    expect(await reply.json()).toEqual({ status: 200, answers: [expect.stringMatching(/no more texts/)] });
    const texts = (await user.messages(agent.phone)).length;
    const profile = await user.expect('GET', 'me/profile', { cookie: agent.cookie });
    expect(profile.body).toMatchObject({ textsStopped: true });

    const referral = await askForHelp(user, { phone: '+16025550172', email: 'a.172@example.org' });
    const { offer } = await nextOffer(stack, [agent], referral);
    await user.until('the mail to be delivered', async () =>
      (await deliveryStatuses(offer.id))['email']?.[0] === 'delivered' ? true : undefined,
    );
    expect(Object.keys(await deliveryStatuses(offer.id))).not.toContain('text');
    expect(await user.messages(agent.phone)).toHaveLength(texts);
  });
});

test('an agent answers offers by replying to their texts: one reply declines, the next accepts, and the link works', async () => {
  const { user, mailboxUrl } = stack;
  const reply = async (text: string): Promise<string[]> => {
    const answer = await postJson(`${mailboxUrl}/texts`, { from: agent.phone, text });
    return ((await answer.json()) as { answers: string[] }).answers;
  };
  /** The text about an offer with its replies and its link's token. */
  const textOf = async ({ id }: { id: string }) => {
    const { text } = await user.message(agent.phone, (message) => message.text.includes(`/offer/${id}#`));
    const [, accept = '', decline = ''] =
      /Reply (A \d{4}) to accept or (D \d{4}) to decline/.exec(text) ?? [];
    const [, token = ''] = /\/offer\/[\w-]+#([\w-]+)/.exec(text) ?? [];
    return { text, accept, decline, token };
  };
  // an agent who stopped texts gets none until START
  const open = await stack.db
    .selectFrom('offers')
    .select(['id', 'referralId'])
    .where('npn', '=', agent.npn)
    .where('endedAt', 'is', null)
    .executeTakeFirstOrThrow();
  expect(await reply('START')).toEqual([expect.stringMatching(/texts about referrals again/)]);
  await user.expect('POST', `offers/${open.id}/decline`, {
    cookie: agent.cookie,
    body: { reason: 'too-busy' },
  });

  const referral = await askForHelp(user, { phone: '+16025550173', email: 'a.173@example.org' });
  const { offer } = await nextOffer(stack, [agent], referral);
  const earlier = await textOf(offer);
  const opened = await user.call('GET', `offer-links/${offer.id}`, { bearer: earlier.token });
  expect(opened).toMatchObject({ status: 200, body: { end: null, zip: '85004' } });
  // a like is ignored, and a yes is answered with the way to accept
  expect(await reply(`Liked “${earlier.text}”`)).toEqual([]);
  const how = earlier.accept.slice(2);
  expect(await reply('yes')).toEqual([expect.stringContaining(`reply A ${how}.`)]);
  expect(await reply(earlier.decline.toLowerCase())).toEqual([
    expect.stringMatching(/We ask the next agent/),
  ]);

  const next = await askForHelp(user, { phone: '+16025550174', email: 'a.174@example.org' });
  const turn = await nextOffer(stack, [agent], next);
  const second = await textOf(turn.offer);
  expect(await reply(`${second.accept}\n\n> ${second.text}`)).toEqual([
    expect.stringMatching(/the referral is yours/),
  ]);
  expect(await untilReferralStage(stack, next, 'accepted')).toMatchObject({ agent: { npn: agent.npn } });
  expect(await reply(`${second.accept.replace(' ', '-')}!`)).toEqual([
    expect.stringMatching(/the referral is yours/),
  ]);
  expect(await reply(`D ${second.accept.slice(2)}`)).toEqual([expect.stringMatching(/could not process/)]);
  expect(await reply(earlier.accept)).toEqual([expect.stringMatching(/You declined this referral at \d/)]);
});

test('mail that was complained about later is not sent again', async () => {
  const { user, mailboxUrl } = stack;
  const mail = await user.message(agent.email);
  const reported = await postJson(`${mailboxUrl}/messages/${mail.id}/outcomes`, { is: 'complained' });
  expect(reported.status).toBe(202);
  await user.until('the address to be marked', async () => {
    const row = await stack.db
      .selectFrom('agents')
      .select('emailUndeliverableAt')
      .where('npn', '=', agent.npn)
      .executeTakeFirst();
    return row?.emailUndeliverableAt ?? undefined;
  });
});
