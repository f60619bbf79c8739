import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asOwner } from '../harness/servers/postgres.ts';
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

const asConsumer = (
  { id, token }: SubmittedReferral,
  action: string,
  body: object,
  method: 'POST' | 'PUT' = 'POST',
) =>
  stack.user.call<{ stage?: string; type?: string }>(method, `referrals/${id}/${action}`, {
    bearer: token,
    body,
  });

const report = (agent: OnboardedAgent, { id }: SubmittedReferral, body: object) =>
  stack.user.call<{ stage?: string; errors?: { pointer: string }[] }>('POST', `referrals/${id}/outcomes`, {
    cookie: agent.cookie,
    body,
  });

async function acceptedBy(asked: SubmittedReferral, known: AgentOffer[] = []) {
  const turn = await nextOffer(stack, agents, asked, known);
  await stack.user.expect('POST', `offers/${turn.offer.id}/acceptance`, {
    cookie: turn.agent.cookie,
    body: {},
  });
  await untilReferralStage(stack, asked, 'accepted');
  return turn;
}

const contactSeenBy = async (agent: OnboardedAgent, { id }: SubmittedReferral) => {
  const { body } = await stack.user.expect<{ referrals: { id: string; consumer: object | null }[] }>(
    'GET',
    'me/referrals',
    { cookie: agent.cookie },
  );
  return body.referrals.find((one) => one.id === id)?.consumer ?? null;
};

test('a wrong number waits for the consumer, and goes on to another agent with the right one', async () => {
  const asked = await askForHelp(stack.user);
  const first = await acceptedBy(asked);
  const wrong = await report(first.agent, asked, { outcome: 'wrong-number' });
  expect(wrong).toMatchObject({ status: 200, body: { stage: 'queued' } });
  expect(await contactSeenBy(first.agent, asked)).toBeNull();
  await stack.user.message(alma.email, ({ subject }) => subject?.startsWith('We cannot reach you') ?? false);

  expect((await asConsumer(asked, 'contact', {}, 'PUT')).status).toBe(422);
  expect((await asConsumer(asked, 'contact', { phone: '12345' }, 'PUT')).status).toBe(422);
  expect((await asConsumer(asked, 'contact', { phone: '+1 602 555 0178' }, 'PUT')).status).toBe(200);

  const second = await acceptedBy(asked, [first.offer]);
  expect(second.agent.npn).not.toBe(first.agent.npn);
  expect(await contactSeenBy(second.agent, asked)).toMatchObject({
    name: alma.name,
    phone: '+16025550178',
    email: alma.email,
  });
  // a repeat of the first agent's report gets the first answer, and another report the current state
  expect((await report(first.agent, asked, { outcome: 'wrong-number' })).body).toEqual(wrong.body);
  expect(await report(first.agent, asked, { outcome: 'contacted' })).toMatchObject({
    status: 409,
    body: { end: 'wrong-number', at: expect.any(String) },
  });
  expect((await asConsumer(asked, 'withdrawal', {})).status).toBe(200);
});

test('the consumer asks for somebody else once, confirms the call, and reports a problem', async () => {
  const asked = await askForHelp(stack.user);
  const first = await acceptedBy(asked);
  expect(await asConsumer(asked, 'confirmation', { called: false })).toMatchObject({
    status: 200,
    body: { stage: 'accepted' },
  });
  expect((await asConsumer(asked, 'another-agent', {})).status).toBe(200);
  expect(await contactSeenBy(first.agent, asked)).toBeNull();
  // the same request again, as after a lost answer
  expect((await asConsumer(asked, 'another-agent', {})).status).toBe(200);
  // for the next agent it is another request, which is not possible
  const second = await acceptedBy(asked, [first.offer]);
  expect(await asConsumer(asked, 'another-agent', {})).toMatchObject({ status: 409 });

  expect(await asConsumer(asked, 'confirmation', { called: true })).toMatchObject({
    status: 200,
    body: { stage: 'contacted' },
  });
  expect((await asConsumer(asked, 'problems', { problem: 'asked-for-money' })).status).toBe(200);
  expect((await asConsumer(asked, 'problems', { problem: 'asked-for-money' })).status).toBe(200);
  const reports = await stack.db
    .selectFrom('problemReports')
    .select(['npn', 'kind'])
    .where('referralId', '=', asked.id)
    .execute();
  expect(reports).toEqual([{ npn: second.agent.npn, kind: 'asked-for-money' }]);

  const tooFar = await report(second.agent, asked, { outcome: 'deferred', until: '2099-01-01' });
  expect(tooFar).toMatchObject({ status: 422, body: { errors: [{ pointer: '/until' }] } });
  const tooFew = { outcome: 'handed-back', reason: 'no-contact-after-attempts', attempts: 1 };
  expect(await report(second.agent, asked, tooFew)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/attempts' }] },
  });
  const enrolled = await report(second.agent, asked, { outcome: 'enrolled' });
  expect(enrolled).toMatchObject({ status: 200, body: { stage: 'closed' } });
  await untilReferralStage(stack, asked, 'closed');
  expect((await report(second.agent, asked, { outcome: 'enrolled' })).body).toEqual(enrolled.body);
});

test('an agent who tried and reached nobody keeps the referral, and the consumer is told when they try again', async () => {
  const asked = await askForHelp(stack.user);
  const { agent } = await acceptedBy(asked);
  const nextTryAt = new Date(Date.now() + 2 * 3_600_000).toISOString();
  const tried = { outcome: 'attempted', nextTryAt };
  const first = await report(agent, asked, tried);
  expect(first).toMatchObject({ status: 200, body: { stage: 'accepted' } });
  expect((await report(agent, asked, tried)).body).toEqual(first.body);
  expect(await reportsOf(asked, 'outcome-reported')).toHaveLength(1);

  const { body } = await stack.user.expect<{ waitingUntil: string; agent: { nextTryAt: string } }>(
    'GET',
    `referrals/${asked.id}`,
    { bearer: asked.token },
  );
  expect(body).toMatchObject({ waitingUntil: nextTryAt, agent: { nextTryAt } });
  const mail = await stack.user.message(alma.email, ({ text }) => text.includes('tried to reach you'));
  expect(mail.text).toContain(agent.npn);
  expect(await report(agent, asked, { outcome: 'contacted' })).toMatchObject({
    body: { stage: 'contacted' },
  });
  expect(await report(agent, asked, { outcome: 'attempted' })).toMatchObject({ status: 409 });
  await report(agent, asked, { outcome: 'enrolled' });
});

test('a consumer who rescinds the consent is deleted, and hears nothing more', async () => {
  const email = 'alma.forgotten@example.org';
  const asked = await askForHelp(stack.user, { email, phone: undefined });
  const { agent } = await acceptedBy(asked);
  expect(await asConsumer(asked, 'consent/rescission', {})).toMatchObject({
    status: 200,
    body: { stage: 'withdrawn' },
  });
  expect(await contactSeenBy(agent, asked)).toBeNull();
  const contacts = await stack.db
    .selectFrom('consumerContacts')
    .select('name')
    .where('referralId', '=', asked.id)
    .execute();
  expect(contacts).toEqual([]);
  const consent = await stack.db
    .selectFrom('consents')
    .select('rescindedAt')
    .where('referralId', '=', asked.id)
    .executeTakeFirstOrThrow();
  expect(consent.rescindedAt).not.toBeNull();
  // a repeat gets the same answer
  expect((await asConsumer(asked, 'consent/rescission', {})).status).toBe(200);
});

test('a consent that is rescinded while no worker runs stops the request all the same: nobody learns who asked', async () => {
  const asked = await askForHelp(stack.user, { email: 'alma.away@example.org', phone: undefined });
  const { agent, offer } = await nextOffer(stack, agents, asked);
  await stack.stopWorker();
  expect((await asConsumer(asked, 'consent/rescission', {})).status).toBe(503);
  const contacts = await stack.db
    .selectFrom('consumerContacts')
    .select('name')
    .where('referralId', '=', asked.id)
    .execute();
  expect(contacts).toEqual([]);
  await stack.startWorker();
  await untilReferralStage(stack, asked, 'withdrawn');
  const late = await stack.user.call('POST', `offers/${offer.id}/acceptance`, {
    cookie: agent.cookie,
    body: {},
  });
  expect(late.status).toBe(409);
}, 60_000);

/** Moves the reports of an offer's agent and consumer into the past. */
async function moveReportsBack({ id }: SubmittedReferral, interval: string): Promise<void> {
  await asOwner(
    stack,
    `update events set at = at - interval '${interval}'
     where subject_id = '${id}' and kind in ('outcome-reported', 'contact-answered')`,
  );
  await sql`update offers set closes_at = closes_at - ${interval}::interval, contacted_at = contacted_at - ${interval}::interval,
    called_reported_at = called_reported_at - ${interval}::interval where referral_id = ${id}`.execute(
    stack.db,
  );
}

const reportsOf = async ({ id }: SubmittedReferral, kind: 'outcome-reported' | 'contact-answered') =>
  (
    await stack.db
      .selectFrom('events')
      .select('data')
      .where('subjectId', '=', id)
      .where('kind', '=', kind)
      .orderBy('sequence')
      .execute()
  ).map(({ data }) => data as { outcome?: string; called?: boolean });

const closesAt = async ({ id }: SubmittedReferral) =>
  (
    await stack.db
      .selectFrom('offers')
      .select('closesAt')
      .where('referralId', '=', id)
      .executeTakeFirstOrThrow()
  ).closesAt as Date;

test('a repeated report counts as the first within minutes, and as a new one weeks later', async () => {
  const asked = await askForHelp(stack.user);
  const { agent } = await acceptedBy(asked);
  await report(agent, asked, { outcome: 'contacted' });
  const delayed = { outcome: 'delayed', reason: 'undecided' };
  const first = await report(agent, asked, delayed);
  expect([first.status, (await report(agent, asked, delayed)).body]).toEqual([200, first.body]);
  expect(await reportsOf(asked, 'outcome-reported')).toHaveLength(2);

  await moveReportsBack(asked, '25 days');
  const before = await closesAt(asked);
  expect((await report(agent, asked, delayed)).status).toBe(200);
  const days = Math.round(((await closesAt(asked)).getTime() - before.getTime()) / 86_400_000);
  expect([days, (await reportsOf(asked, 'outcome-reported')).length]).toEqual([25, 3]);
  await report(agent, asked, { outcome: 'enrolled' });
});

test('an idempotency key names a report: the same again is the same one, another body is refused, another key is another report', async () => {
  const asked = await askForHelp(stack.user);
  const { agent } = await acceptedBy(asked);
  const keyed = (key: string, body: object, by = agent) =>
    stack.user.call<{ stage?: string; type?: string }>('POST', `referrals/${asked.id}/outcomes`, {
      cookie: by.cookie,
      headers: { 'Idempotency-Key': key },
      body,
    });
  const delayed = { outcome: 'delayed', reason: 'undecided' };
  expect((await keyed('1', { outcome: 'contacted' })).status).toBe(200);
  const both = await Promise.all([keyed('2', delayed), keyed('2', delayed)]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  expect(await reportsOf(asked, 'outcome-reported')).toHaveLength(2);
  const other = await keyed('2', { outcome: 'quoted' });
  expect([other.status, other.body.type]).toEqual([422, expect.stringContaining('idempotency-key-reused')]);
  expect((await keyed('3', delayed)).status).toBe(200);
  expect(await reportsOf(asked, 'outcome-reported')).toHaveLength(3);
  // two bodies at once under one key: one of them is recorded
  const raced = await Promise.all([keyed('4', { outcome: 'quoted' }), keyed('4', delayed)]);
  expect(raced.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422]);
  // the report that ends it is recorded once, even if repeated
  expect((await keyed('5', { outcome: 'enrolled' })).body).toMatchObject({ stage: 'closed' });
  for (const key of ['5', '6'])
    expect(await keyed(key, { outcome: 'enrolled' })).toMatchObject({
      status: 200,
      body: { stage: 'closed' },
    });
  expect(
    (await reportsOf(asked, 'outcome-reported')).filter(({ outcome }) => outcome === 'enrolled'),
  ).toHaveLength(1);
});

test('“nobody has called” can be reported again another day, and taken back, each once within minutes', async () => {
  const asked = await askForHelp(stack.user);
  await acceptedBy(asked);
  const confirmCall = async (called: boolean) => {
    expect((await asConsumer(asked, 'confirmation', { called })).status).toBe(200);
    return (await reportsOf(asked, 'contact-answered')).map((one) => one.called);
  };
  expect([await confirmCall(false), await confirmCall(false)]).toEqual([[false], [false]]);
  await moveReportsBack(asked, '1 day');
  expect(await confirmCall(false)).toEqual([false, false]);
  expect(await confirmCall(true)).toEqual([false, false, true]);
  expect(await confirmCall(false)).toEqual([false, false, true, false]);
  expect(await confirmCall(true)).toEqual([false, false, true, false, true]);
  await asConsumer(asked, 'withdrawal', {});
});

test('a consent that runs out while an agent is asked ends the request as that, never as withdrawn', async () => {
  const asked = await askForHelp(stack.user);
  const turn = await nextOffer(stack, agents, asked);
  await sql`update consents set expires_at = now() where referral_id = ${asked.id}`.execute(stack.db);
  const late = await stack.user.call('POST', `offers/${turn.offer.id}/acceptance`, {
    cookie: turn.agent.cookie,
    body: {},
  });
  expect(late.status).toBe(409);
  const subject = JSON.stringify({ referralId: asked.id });
  await stack.db.insertInto('outbox').values({ type: 'wake-referral', payload: subject }).execute();
  await untilReferralStage(stack, asked, 'unmatched');
  const row = await stack.db
    .selectFrom('offers')
    .innerJoin('referrals', 'referrals.id', 'referralId')
    .select(['endedAs', 'endedBy', 'causes'])
    .where('referralId', '=', asked.id)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ endedAs: 'consent-expired', endedBy: 'clock', causes: ['consent-expired'] });
  await stack.user.message(alma.email, ({ subject: title }) => title === 'Your consent has expired');
});
