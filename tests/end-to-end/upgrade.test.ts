import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createReferralActivities } from '../../activities/referrals/referral.ts';
import { defaultPolicy } from '../../domain/policy.ts';
import {
  acceptAgentTerms,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { applyReferralAction } from '../../store/referrals/referral-actions.ts';
import { readWorkflowFormat, saveWorkflowFormat } from '../../store/workflow-format.ts';
import { assertWorkflowFormat, upgradeWorkflows } from '../../worker/deployment/restart-workflows.ts';
import { factsChanged, workflowFormat } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { keyring } from '../harness/keyring.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import {
  type AgentOffer,
  anyConsumer,
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
  uploadLicensesWithout,
} from './onboarded-agents.ts';

/** One agent for each stage in which an onboarding waits; three more are active. */
const stages = [
  'awaiting-eligibility',
  'invited',
  'invitation-undeliverable',
  'invitation-expired',
  'awaiting-terms',
  'suspended',
] as const;
type Stage = (typeof stages)[number];

let stack: Stack;
let agents: OnboardedAgent[];
let before: Awaited<ReturnType<typeof readState>>;
let after: typeof before;
const { onboarded, invited } = newSamplePeople();
const people = Object.fromEntries(
  stages.map((stage, index) => {
    const npn = String(Number(invited.npn) + 1 + index);
    return [stage, { ...invited, npn, email: `${stage}-${npn}@example.com`, username: `upgrade.${npn}` }];
  }),
) as Record<Stage, SamplePerson>;
const endedEmail = `${randomUUID()}@example.org`;
const closedSubject = 'Your request is closed';
const referrals: Record<string, SubmittedReferral> = {};
const offers: Record<string, { agent: OnboardedAgent; offer: AgentOffer }> = {};

beforeAll(async () => {
  stack = await startStack({
    openOffersPerAgent: 3,
    uncontactedReferralsPerAgent: 9,
    maxRemovedShare: 1,
    // an offer that ops take back leads to no other
    maxOffersPerReferral: 1,
    // nothing becomes due while the workers are away
    recheckAfterMs: 600_000,
  });
  await reachEveryStage();
  await askForEveryKindOfReferral();
  before = await readState();
  await stack.stopWorker();
  await askForEndsThatNobodyHandles();
  await stopBetweenEndAndClose();
  await saveWorkflowFormat(stack.db, workflowFormat - 1);
  await upgrade();
  await stack.startWorker();
  for (const workflowId of Object.keys(before.runs)) await untilWaiting(workflowId);
  after = await readState();
}, 120_000);
afterAll(() => stack.close());

test('every open workflow runs anew, once', async () => {
  expect(Object.keys(after.runs)).toEqual(Object.keys(before.runs));
  for (const [workflowId, runId] of Object.entries(before.runs))
    expect(after.runs[workflowId]).not.toBe(runId);
  expect(await readWorkflowFormat(stack.db)).toBe(workflowFormat);
  expect(await upgrade()).toBeUndefined();
  expect((await readState()).runs).toEqual(after.runs);
});

test.each([...stages, 'active'])('an onboarding in stage %s has the same stage and deadlines', (stage) => {
  const rows = before.onboardings.filter((row) => row.stage === stage);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows)
    expect(
      after.onboardings.find(({ npn, planYear }) => npn === row.npn && planYear === row.planYear),
    ).toEqual(row);
});

test('invitations have the same deadlines and ends', () => {
  expect(after.invitations).toEqual(before.invitations);
});

test.each(['open', 'accepted', 'contacted', 'queued'])(
  'a referral that was %s has the same stage, the same offer and the same deadlines',
  (name) => {
    const { id } = referrals[name] as SubmittedReferral;
    expect(after.referrals[id]).toEqual(before.referrals[id]);
    expect(after.offers[id]).toEqual(before.offers[id]);
  },
);

test('nobody is sent a second notice', async () => {
  expect(after.notices).toEqual(before.notices);
  expect(after.messages).toEqual(before.messages);
});

test('a run that only had a last notice to send is ended, and the notice is sent', async () => {
  const { user, mailboxUrl, db, temporal } = stack;
  const { id } = referrals['ended'] as SubmittedReferral;
  expect((await temporal.workflow.getHandle(`referral-${id}`).describe()).status.name).toBe('TERMINATED');
  await fetch(`${mailboxUrl}/faults`, { method: 'DELETE' });
  const mail = await user.message(endedEmail, ({ subject }) => subject === closedSubject);
  expect(mail.text).toContain('closed');
  const notices = await db.selectFrom('notices').select('kind').where('referralId', '=', id).execute();
  expect(notices.filter(({ kind }) => kind === 'closed')).toHaveLength(1);
});

test('a close and a recall that the ended runs had not handled are carried out', async () => {
  await untilReferralStage(stack, referrals['closing'] as SubmittedReferral, 'closed');
  const recalled = offers['recalled'] as { offer: AgentOffer };
  await eventually(async () => {
    const row = await stack.db
      .selectFrom('offers')
      .select('endedAs')
      .where('id', '=', recalled.offer.id)
      .executeTakeFirstOrThrow();
    expect(row.endedAs).toBe('rescinded');
  });
});

test('a referral whose offer had ended for good is closed with its outcome, and nobody else is asked', async () => {
  const referral = referrals['unclosed'] as SubmittedReferral;
  await untilReferralStage(stack, referral, 'closed');
  const row = await stack.db
    .selectFrom('referrals')
    .select('outcome')
    .where('id', '=', referral.id)
    .executeTakeFirstOrThrow();
  expect(row.outcome).toBe('enrolled');
});

test('the restarted workflows go on: an offer is accepted, an outcome reported, a link used', async () => {
  const { user } = stack;
  const open = offers['open'] as { agent: OnboardedAgent; offer: AgentOffer };
  await user.expect('POST', `offers/${open.offer.id}/acceptance`, { cookie: open.agent.cookie, body: {} });
  const { agent } = offers['contacted'] as { agent: OnboardedAgent };
  const { id } = referrals['contacted'] as SubmittedReferral;
  await user.expect('POST', `referrals/${id}/outcomes`, {
    cookie: agent.cookie,
    body: { outcome: 'enrolled' },
  });
  await untilReferralStage(stack, referrals['contacted'] as SubmittedReferral, 'closed');
  await register(people.invited);
});

test('a worker refuses to start beside open workflows of another format, and names the command', async () => {
  await saveWorkflowFormat(stack.db, workflowFormat - 1);
  await expect(assertWorkflowFormat(stack.db)).rejects.toThrow('run npm run upgrade first');
  await saveWorkflowFormat(stack.db, workflowFormat + 1);
  await expect(assertWorkflowFormat(stack.db)).rejects.toThrow('a later version');
  await saveWorkflowFormat(stack.db, workflowFormat);
  await expect(assertWorkflowFormat(stack.db)).resolves.toBeUndefined();
});

const upgrade = () =>
  upgradeWorkflows({
    db: stack.db,
    temporal: stack.temporal,
    taskQueue: stack.taskQueue,
    log: { info: () => undefined },
  });

async function reachEveryStage(): Promise<void> {
  const { user, mailboxUrl, db, temporal } = stack;
  await fetch(`${mailboxUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'email', kind: 'bounce', to: people['invitation-undeliverable'].email }),
  });
  await uploadFeedsNaming(stack, [...onboarded, ...Object.values(people)]);
  agents = await onboardAgents(stack, onboarded);
  await register(people['awaiting-terms']);
  const suspended = await register(people.suspended);
  await acceptAgentTerms(user, suspended);
  await untilStage(user, suspended, 'active');
  await uploadLicensesWithout(stack, people.suspended, people['awaiting-eligibility']);
  const { npn } = people['invitation-expired'];
  await user.message(people['invitation-expired'].email);
  await user.message(people.invited.email);
  await db.updateTable('invitations').set({ expiresAt: new Date() }).where('npn', '=', npn).execute();
  await temporal.workflow.getHandle(`onboarding-${npn}-2027`).signal(factsChanged);
  for (const stage of stages) {
    await eventually(async () => {
      const { stage: reached } = await db
        .selectFrom('onboardings')
        .select('stage')
        .where('npn', '=', people[stage].npn)
        .where('planYear', '=', 2027)
        .executeTakeFirstOrThrow();
      expect(reached).toBe(stage);
    });
  }
}

async function register(person: SamplePerson): Promise<string> {
  const { email, username, phone, zip, contactPreference } = person;
  const newcomer = { email, username, password: generatePassword(), phone, zip, contactPreference };
  await signUp(stack.user, newcomer, invitationTokenIn(await stack.user.message(email)));
  return logIn(stack.user, newcomer);
}

async function askForEveryKindOfReferral(): Promise<void> {
  const { user } = stack;
  for (const name of ['open', 'accepted', 'contacted', 'unclosed', 'closing', 'recalled']) {
    const referral = await askForHelp(user, anyConsumer());
    referrals[name] = referral;
    const found = await nextOffer(stack, agents, referral);
    offers[name] = found;
    if (!['accepted', 'contacted', 'unclosed'].includes(name)) continue;
    const { cookie } = found.agent;
    await user.expect('POST', `offers/${found.offer.id}/acceptance`, { cookie, body: {} });
    if (name !== 'accepted')
      await user.expect('POST', `referrals/${referral.id}/outcomes`, {
        cookie,
        body: { outcome: 'contacted' },
      });
  }
  await endWithAnUnsentNotice();
  referrals['queued'] = await askForHelp(user, { ...anyConsumer(), language: 'ko' });
  await untilReferralStage(stack, referrals['queued'], 'queued');
  // what was decided has been sent
  await eventually(async () => {
    const { pending } = await stack.db
      .selectFrom('deliveries')
      .select((row) => row.fn.countAll<number>().as('pending'))
      .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
      .where('status', '=', 'pending')
      .where((row) =>
        row.or([row('referralId', 'is', null), row('referralId', '<>', referrals['ended']?.id ?? null)]),
      )
      .executeTakeFirstOrThrow();
    expect(pending).toBe(0);
  });
}

/** Does what a worker did that stopped between two activities: the offer has ended, and the referral is open. */
async function stopBetweenEndAndClose(): Promise<void> {
  const { id: referralId } = referrals['unclosed'] as SubmittedReferral;
  const { offer } = offers['unclosed'] as { offer: AgentOffer };
  const activities = createReferralActivities({
    db: stack.db,
    policy: { ...defaultPolicy, version: 'test' },
    keyring,
    now: () => new Date(),
  });
  const about = { referralId, offerId: offer.id, at: new Date().toISOString() };
  await activities.recordOutcome({ ...about, outcome: 'enrolled' });
  await activities.endOffer({ ...about, end: 'closed', by: 'agent' });
}

/** Closes a referral whose consumer no mail reaches for now: its run stays open to send the last notice. */
async function endWithAnUnsentNotice(): Promise<void> {
  const { user, mailboxUrl } = stack;
  const referral = await askForHelp(user, { phone: undefined, email: endedEmail });
  referrals['ended'] = referral;
  const { agent, offer } = await nextOffer(stack, agents, referral);
  const { cookie } = agent;
  await user.expect('POST', `offers/${offer.id}/acceptance`, { cookie, body: {} });
  await user.message(endedEmail, ({ text }) => text.includes(agent.npn));
  await fetch(`${mailboxUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'email', kind: 'outage', to: endedEmail }),
  });
  for (const outcome of ['contacted', 'enrolled'])
    await user.expect('POST', `referrals/${referral.id}/outcomes`, { cookie, body: { outcome } });
  await untilReferralStage(stack, referral, 'closed');
}

/** Has the relay signal the old runs, which no worker carries on. */
async function askForEndsThatNobodyHandles(): Promise<void> {
  const account = randomUUID();
  const { db } = stack;
  await db
    .insertInto('accounts')
    .values({ id: account, username: account, passwordHash: '-', role: 'ops', createdAt: new Date() })
    .execute();
  for (const [name, action] of [
    ['closing', 'close'],
    ['recalled', 'recall'],
  ] as const) {
    const { id: referralId } = referrals[name] as SubmittedReferral;
    await db.transaction().execute((tx) =>
      applyReferralAction(tx, keyring, {
        referralId,
        action,
        reason: 'upgrade',
        accountId: account,
        at: new Date(),
      }),
    );
  }
  await eventually(async () => {
    const waiting = await db.selectFrom('outbox').select('id').execute();
    expect(waiting).toEqual([]);
  });
}

/** Waits until the run of a workflow has set its timer, or has completed. */
async function untilWaiting(workflowId: string): Promise<void> {
  await eventually(async () => {
    const handle = stack.temporal.workflow.getHandle(workflowId);
    const { events } = await handle.fetchHistory();
    const types = (events ?? []).map((event) =>
      event.timerStartedEventAttributes
        ? 'timer'
        : event.workflowExecutionCompletedEventAttributes
          ? 'end'
          : '',
    );
    expect(types.some((type) => type !== '')).toBe(true);
  });
}

/** Reads what must be the same after an upgrade. Referrals that ops end are left out. */
async function readState() {
  const { db, temporal, user, taskQueue } = stack;
  const runs: Record<string, string> = {};
  const ending = ['closing', 'recalled', 'ended', 'unclosed'].map(
    (name) => `referral-${referrals[name]?.id}`,
  );
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  for await (const { workflowId, runId } of temporal.workflow.list({ query }))
    if (!ending.includes(workflowId) && !workflowId.startsWith('notice-')) runs[workflowId] = runId;
  const kept = Object.entries(referrals).flatMap(([name, { id }]) =>
    ['recalled', 'closing', 'ended', 'unclosed'].includes(name) ? [] : [id],
  );
  const ofKept = await db.selectFrom('offers').selectAll().where('referralId', 'in', kept).execute();
  const rows = await db.selectFrom('referrals').selectAll().where('id', 'in', kept).execute();
  const messages = await Promise.all(
    [...onboarded, ...Object.values(people)].map(async ({ email }) => [
      email,
      (await user.messages(email))
        .map(({ subject }) => subject)
        .filter((subject) => !subject?.includes('no longer')),
    ]),
  );
  return {
    runs: Object.fromEntries(Object.entries(runs).toSorted(([one], [other]) => one.localeCompare(other))),
    onboardings: await db
      .selectFrom('onboardings')
      .select(['npn', 'planYear', 'stage', 'since', 'causes', 'nextChangeAt'])
      .orderBy('npn')
      .orderBy('planYear')
      .execute(),
    invitations: await db
      .selectFrom('invitations')
      .select(['id', 'expiresAt', 'remindAt', 'retryAt', 'endedAs'])
      .orderBy('id')
      .execute(),
    referrals: Object.fromEntries(rows.map((row) => [row.id, row])),
    offers: Object.fromEntries(kept.map((id) => [id, ofKept.filter(({ referralId }) => referralId === id)])),
    notices: await db
      .selectFrom('notices')
      .select(['id', 'kind'])
      .where((where) => where.or([where('referralId', 'is', null), where('referralId', 'in', kept)]))
      .orderBy('id')
      .execute(),
    messages,
  };
}
