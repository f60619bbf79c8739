import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hours, minutes } from '../../harness/activity-harness.ts';
import { seedAgent, seedReferral } from '../../harness/people/fixtures.ts';
import {
  type AuditHarness,
  idOfOnboarding,
  idOfReferral,
  newNpn,
  openAuditHarness,
} from './audit-harness.ts';

let harness: AuditHarness;
beforeEach(async () => {
  harness = await openAuditHarness();
});
afterEach(() => harness.end());

const handleOf = (workflowId: string) => harness.temporal.client.workflow.getHandle(workflowId);

/** Creates a referral and starts its workflow, which searches for an agent until its budget ends. */
async function addRunning(): Promise<string> {
  const referralId = await seedReferral(harness.db);
  await harness.relay();
  await harness.activities.matchReferral({
    woken: true,
    referralId,
    at: new Date('2026-11-23T15:00:01Z').toISOString(),
  });
  await harness.untilListed(idOfReferral(referralId), true);
  return referralId;
}

test('nothing is found where every open row has its workflow', async () => {
  const npn = newNpn();
  await seedAgent(harness.db, { npn });
  await harness.db
    .insertInto('outbox')
    .values({ type: 'start-onboarding', payload: JSON.stringify({ npn, planYear: 2027 }) })
    .execute();
  await addRunning();
  await harness.relay();
  await harness.untilListed(idOfOnboarding(npn), true);
  // a list of onboardings, one of referrals, and one of failing workflow tasks
  const clean = { lists: 3, describes: 0, found: 0, repaired: 0, resolved: 0 };
  expect(await harness.audit(minutes(5))).toMatchObject(clean);
  expect(harness.asked).toEqual(['list of 1', 'list of 1']);
  expect(await harness.drainOutbox()).toEqual([]);
});

test('a referral whose start was lost is started, once', async () => {
  const referralId = await seedReferral(harness.db);
  await harness.drainOutbox();
  expect(await harness.audit(minutes(1))).toMatchObject({ describes: 0, found: 0 });

  expect(await harness.audit(minutes(3))).toMatchObject({ describes: 1, found: 1, repaired: 1 });
  expect(await harness.open()).toEqual([{ kind: 'workflow-missing', subjectId: referralId, repaired: true }]);
  // its start is in the outbox: nothing else is needed, and nothing is done twice
  expect(await harness.audit(minutes(8))).toMatchObject({ found: 0, repaired: 0, resolved: 1 });
  await harness.relay();
  expect((await handleOf(idOfReferral(referralId)).describe()).status.name).toBe('RUNNING');
  expect(await harness.drainOutbox()).toEqual([]);
  expect(harness.warnings).toEqual([]);
});

test('an onboarding whose start was lost is started, once', async () => {
  const npn = newNpn();
  await seedAgent(harness.db, { npn });
  await harness.drainOutbox();
  await harness.audit(minutes(5));
  await harness.audit(minutes(10));
  expect(await harness.drainOutbox()).toEqual([
    { type: 'start-onboarding', payload: { npn, planYear: 2027 } },
  ]);
});

test('a list that lags is no proof: the workflow itself is described before anything is started', async () => {
  const referralId = await addRunning();
  harness.lists.lag = true;
  expect(await harness.audit(minutes(5))).toMatchObject({ describes: 1, found: 0 });
  expect((await handleOf(idOfReferral(referralId)).describe()).status.name).toBe('RUNNING');
  expect(await harness.drainOutbox()).toEqual([]);
});

test('a workflow that was terminated is started again, once a day', async () => {
  const referralId = await addRunning();
  const id = idOfReferral(referralId);
  await handleOf(id).terminate();
  await harness.untilListed(id, false);
  expect(await harness.audit(minutes(5))).toMatchObject({ describes: 1, found: 1, repaired: 1 });
  await harness.relay();
  expect((await handleOf(id).describe()).status.name).toBe('RUNNING');
  await harness.untilListed(id, true);
  expect(await harness.audit(minutes(10))).toMatchObject({ found: 0, resolved: 1 });
  expect(harness.warnings).toEqual([]);

  await handleOf(id).terminate();
  await harness.untilListed(id, false);
  expect(await harness.audit(minutes(15))).toMatchObject({ found: 1, repaired: 0 });
  expect(await harness.audit(minutes(20))).toMatchObject({ found: 1, repaired: 0 });
  expect(harness.warnings).toEqual([
    { kind: 'workflow-interrupted', subjectKind: 'referral', subjectId: referralId },
  ]);
  await harness.db
    .updateTable('referrals')
    .set({ waitingUntil: null, causes: ['nobody-available'] })
    .execute();
  await harness.audit(hours(25));
  expect(await harness.drainOutbox()).toEqual([
    { type: 'start-referral', payload: { referralId, again: true } },
  ]);
});

test('an onboarding that was reopened while its workflow completed is started again, once a day', async () => {
  const npn = newNpn();
  await seedAgent(harness.db, { npn });
  await harness.temporal.client.workflow.start('onboarding', {
    workflowId: idOfOnboarding(npn),
    taskQueue: harness.temporal.taskQueue,
    args: [{ npn, planYear: 2027 }],
  });
  await harness.completeNext();
  await harness.drainOutbox();
  await harness.untilListed(idOfOnboarding(npn), false);
  expect(await harness.audit(minutes(5))).toMatchObject({ found: 1, repaired: 1 });
  expect(await harness.open()).toEqual([
    { kind: 'workflow-completed', subjectId: `${npn}-2027`, repaired: true },
  ]);
  // its start is in the outbox: nothing is wrong, and nothing is started twice
  expect(await harness.audit(minutes(10))).toMatchObject({ found: 0, repaired: 0 });
  await harness.relay();
  expect((await handleOf(idOfOnboarding(npn)).describe()).status.name).toBe('RUNNING');
  await harness.untilListed(idOfOnboarding(npn), true);
  expect(harness.warnings).toEqual([]);

  await harness.completeNext();
  await harness.untilListed(idOfOnboarding(npn), false);
  expect(await harness.audit(minutes(15))).toMatchObject({ found: 1, repaired: 0 });
  expect(harness.warnings).toEqual([
    { kind: 'workflow-completed', subjectKind: 'onboarding', subjectId: `${npn}-2027` },
  ]);
});

test('a referral that is open although its workflow has completed, as after a restored backup, is started again', async () => {
  const referralId = await addRunning();
  const id = idOfReferral(referralId);
  const { runId } = await handleOf(id).describe();
  await harness.completeNext();
  await harness.untilListed(id, false);
  expect(await harness.audit(minutes(5))).toMatchObject({ found: 1, repaired: 1 });
  await harness.relay();
  const now = await handleOf(id).describe();
  expect([now.status.name, now.runId === runId]).toEqual(['RUNNING', false]);
});
