import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAuditActivities } from '../../activities/ops/audit.ts';
import { refuse } from '../../domain/failures.ts';
import { defaultPolicy } from '../../domain/policy.ts';
import { failureRecordedEvery, longestRetryMs } from '../../domain/time-limits.ts';
import { createActivityFailureRecorder } from '../../worker/activity-failures.ts';
import { createFailureInterceptor } from '../../worker/failure-interceptor.ts';
import { createWorkerMetrics } from '../../worker/metrics.ts';
import { auditLimits } from '../activities/ops/audit-harness.ts';
import { type ActivityHarness, minutes, openActivityHarness } from '../harness/activity-harness.ts';
import { asOwner } from '../harness/servers/postgres.ts';
import { recordStatements } from '../harness/statements.ts';

let harness: ActivityHarness;
let warnings: object[];
beforeEach(async () => {
  harness = await openActivityHarness();
  warnings = [];
});
afterEach(() => harness.close());

const workflowId = 'onboarding-2001-2027';
const log = { warn: (values: object) => void warnings.push(values), error: () => undefined };

/** Runs one attempt of an activity as the worker does. */
async function attempt(number: number, work: () => Promise<unknown>): Promise<void> {
  const recorder = createActivityFailureRecorder({ db: harness.db, log });
  const info = {
    activityType: 'reviewOnboarding',
    activityId: '7',
    attempt: number,
    workflowExecution: { workflowId, runId: '' },
  };
  const { inbound } = createFailureInterceptor(log, recorder)({ info } as Context);
  await inbound.execute?.({ args: [], headers: {} }, work).catch(() => undefined);
}

async function attempts(from: number, to: number, work: () => Promise<unknown>): Promise<void> {
  for (let number = from; number <= to; number += 1) await attempt(number, work);
}

const failWith = (error: Error) => async () => {
  throw error;
};
const withCode = (code: string) => Object.assign(new Error('jo@example.com'), { code });

/** Runs this part of the audit some minutes from now. @returns the subjects of its findings */
async function found(afterMinutes: number): Promise<string[]> {
  const activities = createAuditActivities({
    db: harness.db,
    workflowStatus: {
      areRunning: async () => [],
      stateOf: async () => 'running',
      withFailingTasks: async () => [],
    },
    audit: auditLimits,
    log,
  });
  const at = new Date(Date.now() + minutes(afterMinutes)).toISOString();
  const part = () => activities.auditPart({ part: 'activities', at });
  await new MockActivityEnvironment().run(part);
  const rows = await harness.db
    .selectFrom('auditFindings')
    .selectAll()
    .where('kind', '=', 'activity-failing')
    .execute();
  return rows.map(({ subjectKind, subjectId }) => `${subjectKind}: ${subjectId}`);
}

async function failing(): Promise<string | undefined> {
  const text = await createWorkerMetrics(harness.db, defaultPolicy).text();
  return /^help_on_demand_activities_failing (\d+)$/m.exec(text)?.[1];
}

test('an activity that fails again and again for a reason of our own is a gauge and a finding, until it succeeds', async () => {
  await attempts(1, 7, failWith(new TypeError('jo@example.com')));
  expect(await failing()).toBe('0');
  await attempts(8, 17, failWith(new TypeError('jo@example.com')));
  expect(await failing()).toBe('1');
  const rows = await harness.db.selectFrom('activityFailures').selectAll().execute();
  // no message: it can quote whatever the activity was given
  expect(rows).toMatchObject([{ activity: 'reviewOnboarding', attempts: 16, error: 'TypeError' }]);
  // it may have been fixed a moment ago
  expect(await found(0)).toEqual([]);
  expect(await found(3)).toEqual([`activity: ${workflowId} reviewOnboarding`]);
  expect(warnings).toHaveLength(1);

  await attempt(18, async () => 'done');
  expect(await failing()).toBe('0');
});

test('an activity that is refused in the end is not failing any more', async () => {
  await attempts(1, 8, failWith(withCode('23505')));
  expect(await failing()).toBe('1');
  await attempt(9, async () => refuse('not-found', 'There is no such onboarding.'));
  expect(await failing()).toBe('0');
});

test('one that nobody tries any more is forgotten after two hours, which no retry policy takes to record it again', async () => {
  await attempts(8, 8, failWith(new TypeError()));
  const recordedAgainMinutes = (longestRetryMs * failureRecordedEvery) / 60_000;
  for (const minute of [recordedAgainMinutes, 119]) await found(minute);
  expect(await failing()).toBe('1');
  await found(121);
  expect(await failing()).toBe('0');
});

test.each([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['a database that shuts down', withCode('57P01')],
  ['a conflict of transactions', withCode('40001')],
  ['a statement timeout', withCode('57014')],
  ['no connection in time', new Error('timeout exceeded when trying to connect')],
  ['a network error of fetch', new TypeError('fetch failed', { cause: withCode('ECONNRESET') })],
])('%s is an outage, which is waited out', async (_, error) => {
  await attempts(1, 63, failWith(error));
  expect(await failing()).toBe('0');
  // Postgres answers, and has for half an hour: this is no outage any more
  await attempt(64, failWith(error));
  expect(await failing()).toBe('1');
});

test.each(['provider-outage', 'quiet-hours'])(
  '%s postpones an activity, for as long as it says',
  async (type) => {
    const postponed = ApplicationFailure.create({ type, nextRetryDelay: '1 hour' });
    expect(await recordStatements(() => attempts(1, 200, failWith(postponed)))).toEqual([]);
    const { inbound } = createFailureInterceptor(
      log,
      createActivityFailureRecorder({ db: harness.db, log }),
    )({
      info: { attempt: 1 },
    } as Context);
    await expect(inbound.execute?.({ args: [], headers: {} }, failWith(postponed))).rejects.toBe(postponed);
  },
);

test('an activity that succeeds costs no statement, and a failing one an eighth of a statement', async () => {
  expect(await recordStatements(() => attempts(1, 8, async () => 'done'))).toEqual([]);
  expect(await recordStatements(() => attempts(1, 24, failWith(new TypeError())))).toHaveLength(3);
});

test('an activity whose failure cannot be recorded fails as it would have', async () => {
  await asOwner(harness, 'drop table activity_failures');
  await attempts(8, 8, failWith(new TypeError()));
  expect(warnings).toEqual([{ err: expect.anything() }]);
});
