import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hours, minutes } from '../../harness/activity-harness.ts';
import { givenAgent, givenReferral } from '../../harness/fixtures.ts';
import {
  type AuditHarness,
  idOfOnboarding,
  idOfReferral,
  newNpn,
  openAuditHarness,
} from './audit-harness.ts';

let desk: AuditHarness;
beforeEach(async () => {
  desk = await openAuditHarness();
});
afterEach(() => desk.end());

const handleOf = (workflowId: string) => desk.temporal.client.workflow.getHandle(workflowId);

/** A referral whose story has begun, and looks for an agent till its budget ends. */
async function givenRunning(): Promise<string> {
  const referralId = await givenReferral(desk.db);
  await desk.relay();
  await desk.activities.matchReferral({ referralId, at: new Date('2026-11-23T15:00:01Z').toISOString() });
  await desk.untilListed(idOfReferral(referralId), true);
  return referralId;
}

test('nothing is found where every open row has its story', async () => {
  const npn = newNpn();
  await givenAgent(desk.db, { npn });
  await desk.db
    .insertInto('outbox')
    .values({ deed: 'start-onboarding', subject: JSON.stringify({ npn, planYear: 2027 }) })
    .execute();
  await givenRunning();
  await desk.relay();
  await desk.untilListed(idOfOnboarding(npn), true);
  const clean = { lists: 2, describes: 0, found: 0, repaired: 0, resolved: 0 };
  expect(await desk.audit(minutes(5))).toMatchObject(clean);
  expect(desk.asked).toEqual(['list of 1', 'list of 1']);
  expect(await desk.drainOutbox()).toEqual([]);
});

test('a referral whose start was lost is started, once', async () => {
  const referralId = await givenReferral(desk.db);
  await desk.drainOutbox();
  expect(await desk.audit(minutes(1))).toMatchObject({ describes: 0, found: 0 });

  expect(await desk.audit(minutes(3))).toMatchObject({ describes: 1, found: 1, repaired: 1 });
  expect(await desk.open()).toEqual([{ kind: 'story-missing', subjectId: referralId, repaired: true }]);
  // the start waits: nothing more is to be done, and nothing is done twice
  expect(await desk.audit(minutes(8))).toMatchObject({ found: 0, repaired: 0, resolved: 1 });
  await desk.relay();
  expect((await handleOf(idOfReferral(referralId)).describe()).status.name).toBe('RUNNING');
  expect(await desk.drainOutbox()).toEqual([]);
  expect(desk.warnings).toEqual([]);
});

test('an onboarding whose start was lost is started, once', async () => {
  const npn = newNpn();
  await givenAgent(desk.db, { npn });
  await desk.drainOutbox();
  await desk.audit(minutes(5));
  await desk.audit(minutes(10));
  expect(await desk.drainOutbox()).toEqual([{ deed: 'start-onboarding', subject: { npn, planYear: 2027 } }]);
});

test('a list that lags is no proof: Temporal itself is asked before anything is started', async () => {
  const referralId = await givenRunning();
  desk.lists.lag = true;
  expect(await desk.audit(minutes(5))).toMatchObject({ describes: 1, found: 0 });
  expect((await handleOf(idOfReferral(referralId)).describe()).status.name).toBe('RUNNING');
  expect(await desk.drainOutbox()).toEqual([]);
});

test('a story that was terminated is started again, once a day', async () => {
  const referralId = await givenRunning();
  const id = idOfReferral(referralId);
  await handleOf(id).terminate();
  await desk.untilListed(id, false);
  expect(await desk.audit(minutes(5))).toMatchObject({ describes: 1, found: 1, repaired: 1 });
  await desk.relay();
  expect((await handleOf(id).describe()).status.name).toBe('RUNNING');
  await desk.untilListed(id, true);
  expect(await desk.audit(minutes(10))).toMatchObject({ found: 0, resolved: 1 });
  expect(desk.warnings).toEqual([]);

  await handleOf(id).terminate();
  await desk.untilListed(id, false);
  expect(await desk.audit(minutes(15))).toMatchObject({ found: 1, repaired: 0 });
  expect(await desk.audit(minutes(20))).toMatchObject({ found: 1, repaired: 0 });
  expect(desk.warnings).toEqual([
    { kind: 'story-broken-off', subjectKind: 'referral', subjectId: referralId },
  ]);
  await desk.db
    .updateTable('referrals')
    .set({ waitingUntil: null, causes: ['nobody-available'] })
    .execute();
  await desk.audit(hours(25));
  expect(await desk.drainOutbox()).toEqual([
    { deed: 'start-referral', subject: { referralId, again: true } },
  ]);
});

test('an onboarding that was opened anew while its story came to an end is started again, once a day', async () => {
  const npn = newNpn();
  await givenAgent(desk.db, { npn });
  await desk.temporal.client.workflow.start('onboarding', {
    workflowId: idOfOnboarding(npn),
    taskQueue: desk.temporal.taskQueue,
    args: [{ npn, planYear: 2027 }],
  });
  await desk.completeNext();
  await desk.drainOutbox();
  await desk.untilListed(idOfOnboarding(npn), false);
  expect(await desk.audit(minutes(5))).toMatchObject({ found: 1, repaired: 1 });
  expect(await desk.open()).toEqual([{ kind: 'story-over', subjectId: `${npn}-2027`, repaired: true }]);
  // its start waits: nothing is wrong, and nothing is started twice
  expect(await desk.audit(minutes(10))).toMatchObject({ found: 0, repaired: 0 });
  await desk.relay();
  expect((await handleOf(idOfOnboarding(npn)).describe()).status.name).toBe('RUNNING');
  await desk.untilListed(idOfOnboarding(npn), true);
  expect(desk.warnings).toEqual([]);

  await desk.completeNext();
  await desk.untilListed(idOfOnboarding(npn), false);
  expect(await desk.audit(minutes(15))).toMatchObject({ found: 1, repaired: 0 });
  expect(desk.warnings).toEqual([
    { kind: 'story-over', subjectKind: 'onboarding', subjectId: `${npn}-2027` },
  ]);
});

test('a referral that is open although its story is over, as after a backup was brought back, is started again', async () => {
  const referralId = await givenRunning();
  const id = idOfReferral(referralId);
  const { runId } = await handleOf(id).describe();
  await desk.completeNext();
  await desk.untilListed(id, false);
  expect(await desk.audit(minutes(5))).toMatchObject({ found: 1, repaired: 1 });
  await desk.relay();
  const now = await handleOf(id).describe();
  expect([now.status.name, now.runId === runId]).toEqual(['RUNNING', false]);
});
