import { randomInt, randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAuditActivities } from '../../../activities/ops/audit.ts';
import type { WorkflowStatusReader } from '../../../activities/ops/audit-workflows.ts';
import {
  type AuditCounts,
  type AuditPart,
  addCounts,
  auditParts,
  noCounts,
} from '../../../domain/ops/audit.ts';
import { relayPage } from '../../../worker/outbox/relay-page.ts';
import { createWorkflowStatusReader } from '../../../worker/workflow-status.ts';
import { onboardingWorkflowId, referralWorkflowId } from '../../../workflows/messages.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { neverStopping } from '../../harness/never-stopping.ts';
import { connectTestTemporal } from '../../harness/servers/temporal-dev-server.ts';

const { CommandType } = proto.temporal.api.enums.v1;

/** Limits of the audit, as the settings would give them. */
export const auditLimits = {
  graceMs: minutes(2),
  maxOutboxAgeMs: minutes(10),
  restartCooldownMs: hours(24),
};

export type AuditHarness = Awaited<ReturnType<typeof openAuditHarness>>;

/** Opens a database of the test's own beside a real Temporal server whose workflows no worker runs. */
export async function openAuditHarness() {
  const [harness, temporal]: [ActivityHarness, Awaited<ReturnType<typeof connectTestTemporal>>] =
    await Promise.all([openActivityHarness(), connectTestTemporal()]);
  const { db } = harness;
  const warnings: object[] = [];
  const log = { warn: (values: object) => void warnings.push(values) };
  const asked: string[] = [];
  const lists = { lag: false };
  const real = createWorkflowStatusReader(temporal.client, temporal.taskQueue);
  const workflowStatus: WorkflowStatusReader = {
    areRunning: (keys) => {
      asked.push(`list of ${keys.length}`);
      return lists.lag ? Promise.resolve(keys.map(() => false)) : real.areRunning(keys);
    },
    stateOf: (key) => (asked.push('describe'), real.stateOf(key)),
    withFailingTasks: real.withFailingTasks,
  };
  const activities = createAuditActivities({
    db,
    workflowStatus,
    audit: auditLimits,
    log,
    auditPageSize: 2,
  });

  return {
    ...harness,
    temporal,
    warnings,
    /** Calls to Temporal so far. */
    asked,
    /** While `lag` is set, workflow lists are empty. */
    lists,

    /** Runs one part from the start or from a heartbeat, to its end or for some pages. */
    async part(part: AuditPart, at: Date, { from, untilPage }: { from?: unknown; untilPage?: number } = {}) {
      const worker = new MockActivityEnvironment(from ? { heartbeatDetails: from } : {});
      const heartbeats: { after?: string; counts: AuditCounts }[] = [];
      worker.on('heartbeat', (progress: (typeof heartbeats)[number]) => {
        heartbeats.push(progress);
        if (heartbeats.length === untilPage) worker.cancel();
      });
      const done = (await worker
        .run((about: Parameters<typeof activities.auditPart>[0]) => activities.auditPart(about), {
          part,
          at: at.toISOString(),
        })
        .catch((error: unknown) => {
          if (untilPage === undefined) throw error;
        })) as AuditCounts | undefined;
      return { done, heartbeats };
    },

    /** Runs the whole audit that many milliseconds after Monday morning. */
    async audit(ms: number): Promise<AuditCounts & { resolved: number }> {
      const run = { runId: randomUUID(), at: after(ms).toISOString() };
      await activities.beginAudit(run);
      await activities.beginAudit(run);
      let counts = noCounts;
      for (const part of auditParts)
        counts = addCounts(counts, (await this.part(part, after(ms))).done ?? noCounts);
      const end = await activities.endAudit({ ...run, counts });
      if ((await activities.endAudit({ ...run, counts })).resolved !== end.resolved)
        throw new Error('A run ended twice');
      return end;
    },

    /** Open findings, as ops see them. */
    async open(): Promise<{ kind: string; subjectId: string; repaired: boolean }[]> {
      const rows = await db
        .selectFrom('auditFindings')
        .selectAll()
        .where('resolvedAt', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(({ kind, subjectId, repairedAt }) => ({
        kind,
        subjectId,
        repaired: repairedAt !== null,
      }));
    },

    /** Lets the relay dispatch the outbox. */
    async relay(): Promise<void> {
      const { client, taskQueue } = temporal;
      const deps = { db, temporal: client, taskQueue, policy: aPolicy(), log };
      for (const bulk of [false, true]) await relayPage(deps, { bulk, size: 200 }, neverStopping);
    },

    /** Waits until Temporal's workflow list names a workflow, or no longer does. */
    async untilListed(workflowId: string, isListed: boolean): Promise<void> {
      const query = `ExecutionStatus = 'Running' AND WorkflowId = '${workflowId}'`;
      await eventually(async () => {
        const { count } = await temporal.client.workflow.count(query);
        if (count > 0 !== isListed) throw new Error('The list lags.');
      });
    },

    /** Completes the one workflow that waits for a worker. */
    async completeNext(): Promise<void> {
      const { connection, options } = temporal.client;
      const { namespace } = options;
      const { taskToken } = await connection.withDeadline(Date.now() + 10_000, () =>
        connection.workflowService.pollWorkflowTaskQueue({
          namespace,
          taskQueue: { name: temporal.taskQueue },
        }),
      );
      const commandType = CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION;
      await connection.workflowService.respondWorkflowTaskCompleted({
        namespace,
        taskToken,
        commands: [{ commandType, completeWorkflowExecutionCommandAttributes: {} }],
      });
    },

    async end(): Promise<void> {
      await temporal.close();
      await harness.close();
    },
  };
}

/** NPN that no other test file uses. */
export const newNpn = () => `${randomInt(100_000_000, 999_999_999)}`;

export const idOfOnboarding = (npn: string) => onboardingWorkflowId({ npn, planYear: 2027 });
export const idOfReferral = (referralId: string) => referralWorkflowId({ referralId });
