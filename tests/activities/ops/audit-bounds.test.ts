import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createAuditActivities } from '../../../activities/ops/audit.ts';
import { type AuditCounts, maxDescribesOfPart, type WorkflowState } from '../../../domain/ops/audit.ts';
import {
  type ActivityHarness,
  after,
  minutes,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { auditLimits } from './audit-harness.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Opens onboardings that wait for a cause, with NPNs from 1000001 on. */
async function addOnboardings(count: number): Promise<void> {
  await sql`
    insert into onboardings (npn, plan_year, since, created_at, causes)
    select (1000000 + number)::text, 2027, ${monday}, ${monday}, '{late}' from generate_series(1, ${count}) number`.execute(
    harness.db,
  );
}

/** Audits the onboardings while workflow lists are empty. @returns the counts, and the NPNs that were described */
async function auditOnboardings(ms: number, stateOf: (npn: string) => WorkflowState = () => 'running') {
  const described: string[] = [];
  const activities = createAuditActivities({
    db: harness.db,
    workflowStatus: {
      areRunning: async (keys) => keys.map(() => false),
      withFailingTasks: async () => [],
      async stateOf(key) {
        const npn = 'npn' in key ? key.npn : '';
        described.push(npn);
        return stateOf(npn);
      },
    },
    audit: auditLimits,
    log: { warn: () => undefined },
  });
  const run = { runId: randomUUID(), at: after(ms).toISOString() };
  await activities.beginAudit(run);
  const auditPart = ({ at }: { at: string }) => activities.auditPart({ part: 'onboardings', at });
  const counts: AuditCounts = await new MockActivityEnvironment().run(auditPart, { at: run.at });
  const { resolved } = await activities.endAudit({ ...run, counts });
  return { counts: { ...counts, resolved }, described };
}

test('onboardings whose start waits in the outbox are left to the relay: nobody asks Temporal about them', async () => {
  await addOnboardings(5_000);
  await sql`
    insert into outbox (type, payload)
    select 'start-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year) from onboardings
    where npn <> '1000007'`.execute(harness.db);
  const { counts, described } = await auditOnboardings(minutes(5));
  expect(counts).toMatchObject({ lookedAt: 5_000, lists: 1, describes: 1, leftOver: 0, found: 0 });
  expect(described).toEqual(['1000007']);
});

test('a run asks Temporal for a bounded number of workflows, and the next runs for the others', async () => {
  await addOnboardings(2 * maxDescribesOfPart + 500);
  const first = await auditOnboardings(minutes(5));
  expect(first.counts).toMatchObject({ describes: maxDescribesOfPart, leftOver: maxDescribesOfPart + 500 });
  const second = await auditOnboardings(minutes(10));
  const third = await auditOnboardings(minutes(15));
  expect(third.counts).toMatchObject({ describes: 500, leftOver: 2 * maxDescribesOfPart });
  const asked = [...first.described, ...second.described, ...third.described];
  expect(new Set(asked).size).toBe(2 * maxDescribesOfPart + 500);
  // then it begins with the first again
  expect((await auditOnboardings(minutes(20))).described.toSorted()).toEqual(first.described.toSorted());
});

test('a finding about a workflow that is left to the next run stays open', async () => {
  await addOnboardings(maxDescribesOfPart + 1);
  const isFirst = (npn: string): WorkflowState => (npn === '1000001' ? 'interrupted' : 'running');
  expect((await auditOnboardings(minutes(5), isFirst)).counts).toMatchObject({ found: 1, leftOver: 1 });
  // its start again does not help, and the relay has nothing more to do
  await harness.drainOutbox();
  expect((await auditOnboardings(minutes(10), isFirst)).counts).toMatchObject({ found: 0, resolved: 0 });
  expect((await auditOnboardings(minutes(15), isFirst)).counts).toMatchObject({ found: 1, resolved: 0 });
});
