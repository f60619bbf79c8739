import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultPolicy } from '../../../domain/policy.ts';
import {
  acceptAgentTerms,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../../standalone/demo/onboard-agent.ts';
import { createWorkerMetrics } from '../../../worker/metrics.ts';
import {
  askForHelp,
  nextOffer,
  type SubmittedReferral,
  untilReferralStage,
} from '../../end-to-end/help-requests.ts';
import { uploadFeedsNaming } from '../../end-to-end/onboarded-agents.ts';
import { sdkLog } from '../../harness/quiet-sdk.ts';
import { type Stack, startStack } from '../../harness/stack.ts';
import { dumpOf } from './dump.ts';
import { prepareRefusals, whileRefusing } from './failing-rows.ts';
import { findMarksOfOthers, readMailbox } from './mailbox-texts.ts';
import { consumers, type MarkedAgent, markedAgents, marksOf } from './marked-people.ts';
import { findMarks, type StoredText } from './marks.ts';
import { failProvider, pendingFaults, sendProviderReports, subscribe } from './providers.ts';
import {
  recordOutboxMessages,
  runScheduledWorkflows,
  scheduledWorkflowTexts,
  tableTexts,
  temporalTexts,
} from './stored-texts.ts';
import { deliver, deliveredFeed, deliverWrongFeeds } from './wrong-feeds.ts';
import { type Answers, createAnswers, sendWrongCredentials, sendWrongRequests } from './wrong-requests.ts';

type OnboardedMarkedAgent = MarkedAgent & { cookie: string };

const people = markedAgents();
const marks = marksOf(people);
/** Temporal's data read while something failed, because it is gone at the end. */
const textsDuringFailures: StoredText[] = [];
let stack: Stack;
let answers: Answers;
let agents: OnboardedMarkedAgent[];

beforeAll(async () => {
  stack = await startStack({ offerWindowMs: 8_000 });
  answers = createAnswers(stack);
  await recordOutboxMessages(stack);
  await prepareRefusals(stack);
});
afterAll(() => stack.close());

const timesLogged = (sentence: string) => stack.log.filter((line) => line.includes(sentence)).length;

/** Waits until more than `before` activities have failed, and reads Temporal's data meanwhile. */
async function untilActivityFails(before: number): Promise<void> {
  await stack.user.until('a failing activity', async () =>
    timesLogged('Activity failed, will retry') > before ? true : undefined,
  );
  textsDuringFailures.push(...(await temporalTexts(stack)));
}

/** Onboards an agent from the invitation's mail to the stage `active`. */
async function onboard(agent: MarkedAgent): Promise<OnboardedMarkedAgent> {
  const { email, username, password, phone, zip, contactPreference } = agent;
  const token = invitationTokenIn(await stack.user.message(email));
  marks.push(token);
  await signUp(stack.user, { email, username, password, phone, zip, contactPreference }, token);
  const cookie = await logIn(stack.user, agent);
  marks.push(cookie.split('=')[1] ?? '');
  await acceptAgentTerms(stack.user, cookie);
  await untilStage(stack.user, cookie, 'active');
  return { ...agent, cookie };
}

const answerTo = (offerId: string, verb: 'acceptance' | 'decline', { cookie }: OnboardedMarkedAgent) =>
  answers.send({
    method: 'POST',
    path: `/v1/offers/${offerId}/${verb}`,
    headers: { cookie, origin: new URL(stack.apiUrl).origin, 'content-type': 'application/json' },
    body: JSON.stringify(verb === 'decline' ? { reason: 'too-busy' } : {}),
  });

/** Waits until the outages of this agent's text, and push if they have a device, have happened. */
async function untilOutagesHappened({ phone, contactPreference }: OnboardedMarkedAgent): Promise<void> {
  const hasDevice = contactPreference === 'email-text-app';
  await stack.user.until('the outages of the providers', async () =>
    (await pendingFaults(stack)).some(({ to, channel }) => to === phone || (hasDevice && channel === 'push'))
      ? undefined
      : true,
  );
}

async function requestHelp(consumer: (typeof consumers)[number]): Promise<SubmittedReferral> {
  const created = await askForHelp(stack.user, consumer);
  marks.push(created.token);
  return created;
}

test('agents are onboarded while providers, feeds and the database fail', async () => {
  const [first, second] = people.agents as [MarkedAgent, MarkedAgent];
  const quoting = (email: string) =>
    `<${email}> is not accepted now, ${first.firstName} ${first.lastName} ${first.zip}`;
  await failProvider(stack, {
    channel: 'email',
    kind: 'outage',
    to: first.email,
    message: quoting(first.email),
    times: 1,
  });
  await failProvider(stack, { channel: 'email', kind: 'delay', to: second.email, delayMs: 300, times: 1 });
  const { email } = people.unreachable;
  await failProvider(stack, { channel: 'email', kind: 'refuse', to: email, message: quoting(email) });
  await uploadFeedsNaming(stack, [...people.agents, people.unreachable]);

  const training = await deliveredFeed(stack, 'training-completions');
  const changed = training.replaceAll(first.email, `new.${first.email}`);
  await whileRefusing(stack, 'training_completions', async () =>
    expect(await deliver(stack, answers, 'training-completions', changed)).toBe(500),
  );
  await deliverWrongFeeds(stack, answers);

  const before = timesLogged('Activity failed, will retry');
  const [registering] = await whileRefusing(stack, 'accounts', async () => {
    const onboarding = people.agents.map(onboard);
    await untilActivityFails(before);
    // in an array, because a returned promise would be awaited while the database still refuses
    return [Promise.all(onboarding)];
  });
  agents = (await registering) ?? [];
});

test('consumers are helped while providers and the database fail and the worker is down', async () => {
  const { user } = stack;
  for (const { phone, cookie, lastName, contactPreference } of agents) {
    const fault = { kind: 'outage', message: `${lastName} at ${phone} cannot be reached`, times: 1 } as const;
    await failProvider(stack, { ...fault, channel: 'text', to: phone });
    if (contactPreference === 'email-text-app')
      await failProvider(stack, { ...fault, channel: 'push', to: await subscribe(stack, cookie) });
  }
  const [mina, obie] = consumers;
  for (const { email, phone, name } of consumers) {
    await failProvider(stack, {
      channel: 'email',
      kind: 'refuse',
      to: email,
      message: `No ${name} at ${email}`,
    });
    await failProvider(stack, {
      channel: 'text',
      kind: 'refuse',
      to: phone,
      message: `No ${name} at ${phone}`,
    });
  }
  await whileRefusing(stack, 'consumer_contacts', () =>
    expect(askForHelp(user, mina)).rejects.toThrow('answered 500'),
  );
  const before = timesLogged('Activity failed, will retry');
  const created = await whileRefusing(stack, 'offers', async () => {
    const referral = await requestHelp(mina);
    await untilActivityFails(before);
    return referral;
  });

  const declined = await nextOffer(stack, agents, created);
  await untilOutagesHappened(declined.agent);
  expect(await answerTo(declined.offer.id, 'decline', declined.agent)).toBe(200);
  const expired = await nextOffer(stack, agents, created, [declined.offer]);
  await untilOutagesHappened(expired.agent);
  await stack.stopWorker();
  await sleep(Math.max(0, Date.parse(expired.offer.expiresAt) + 1 - Date.now()));
  await stack.startWorker();
  const accepted = await nextOffer(stack, agents, created, [declined.offer, expired.offer]);
  await untilOutagesHappened(accepted.agent);
  expect(await answerTo(accepted.offer.id, 'acceptance', accepted.agent)).toBe(200);
  expect(await answerTo(expired.offer.id, 'acceptance', expired.agent)).toBe(409);
  await untilReferralStage(stack, created, 'accepted');

  const other = await requestHelp(obie);
  const withdrawn = await nextOffer(stack, agents, other);
  await user.expect('POST', `referrals/${other.id}/withdrawal`, { bearer: other.token, body: {} });
  expect(await answerTo(withdrawn.offer.id, 'acceptance', withdrawn.agent)).toBe(409);

  await sendProviderReports(stack, accepted.agent);
  await sendWrongRequests(answers, {
    ...stack,
    ...accepted.agent,
    token: created.token,
    referralId: created.id,
  });
  await sendWrongCredentials(answers, accepted.agent);
});

test('no history, description, query, event, outbox message, log line or problem contains a mark of anybody', async () => {
  await runScheduledWorkflows(stack);
  const texts: StoredText[] = [
    ...textsDuringFailures,
    ...(await temporalTexts(stack)),
    ...(await scheduledWorkflowTexts(stack)),
    ...(await tableTexts(stack)),
    ...stack.log.map((text) => ({ where: 'the log', text })),
    ...sdkLog.map((text) => ({ where: 'a line of the SDK', text })),
    ...answers.answers,
    { where: 'the metrics', text: await createWorkerMetrics(stack.db, defaultPolicy).text() },
  ];
  const [firstAgent] = agents;
  // the search covers its places: each kind is there, and payloads are readable
  for (const prefix of [
    'the history of onboarding',
    'the history of referral',
    'the history of review-all',
    'the history of audit',
    'a line of the SDK',
    'the metrics',
    '__stack_trace of',
    'the event',
    'the outbox message',
    '422 to',
    '400 to',
    '413 to',
    '500 to',
  ])
    expect(texts.filter(({ where }) => where.startsWith(prefix)).length).toBeGreaterThan(0);
  expect(findMarks([`${firstAgent?.npn}`], texts).some(({ where }) => where.startsWith('the history'))).toBe(
    true,
  );
  const planted = { where: 'the log', text: `Nobody answers at ${firstAgent?.email}` };
  expect(findMarks(marks, [...texts, planted])).toContainEqual(
    expect.objectContaining({ around: planted.text }),
  );
  expect(findMarks(marks, texts)).toEqual([]);
}, 60_000);

/** What identifies a consumer; a ZIP does not. */
const consumerMarks = consumers.flatMap(({ name, phone, email }) => [...name.split(' '), phone, email]);

test('no column of the database has a name, a phone or an address of a consumer in clear', async () => {
  const dump = await dumpOf(stack);
  // those of agents are found
  expect(findMarks([`${agents[0]?.email}`], dump).map(({ where }) => where)).toContain('agents.email');
  expect(findMarks(consumerMarks, dump)).toEqual([]);
});

// the providers refuse whatever is for the consumers of this story
test('no file of the mailbox, nor its page, has anything of anybody but the person whom a message is for, nor a password', async () => {
  const devices = await stack.db.selectFrom('pushSubscriptions').select(['npn', 'endpoint']).execute();
  const endpointsOf = (npn: string) =>
    devices.filter((one) => one.npn === npn).map(({ endpoint }) => endpoint);
  const receivers = [
    ...agents.map(({ npn, firstName, lastName, email, username, phone, zip }) => ({
      reachedAt: [email, phone, ...endpointsOf(npn)],
      marks: [firstName, lastName, email, username, phone, zip],
    })),
    { reachedAt: consumers.flatMap(({ phone, email }) => [phone, email]), marks: consumerMarks },
  ];
  const { messages, others } = await readMailbox(stack);
  for (const place of ['messages.jsonl', 'the page'])
    expect(messages.filter(({ where }) => where.endsWith(place)).length).toBeGreaterThan(5);
  expect(findMarksOfOthers(messages, receivers)).toEqual([]);
  const passwords = agents.map(({ password }) => password);
  expect(findMarks(passwords, [...messages, ...others])).toEqual([]);
  expect(others.length).toBeGreaterThan(0);
  expect(
    findMarks(
      receivers.flatMap(({ marks: own }) => own),
      others,
    ),
  ).toEqual([]);
  // who gets somebody else's message is found
  const [first, second] = receivers;
  const astray = { where: 'astray', text: `Hello ${first?.marks[0]}`, to: second?.reachedAt[0] ?? '' };
  expect(findMarksOfOthers([astray], receivers)).toHaveLength(1);
});
