import {
  type Client,
  isGrpcServiceError,
  ServiceError,
  type WorkflowExecutionStatusName,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { WorkflowKey, WorkflowStatusReader } from '../activities/ops/audit-workflows.ts';
import type { WorkflowState } from '../domain/ops/audit.ts';
import { onboardingWorkflowId, referralWorkflowId } from '../workflows/messages.ts';

/**
 * Reads workflow status for the audit: one count for many workflows, one list if some of them do not run, and one describe
 * call for a single one.
 * @param taskQueue of the workflows of this service, which may share its namespace
 */
export function createWorkflowStatusReader(temporal: Client, taskQueue: string): WorkflowStatusReader {
  return {
    async areRunning(keys) {
      const ids = keys.map(workflowIdOfKey);
      const query = `ExecutionStatus = 'Running' AND WorkflowId IN (${ids.map((id) => `'${id}'`).join(', ')})`;
      // a count is a fifth of the work of a list, and mostly all are running
      const { count } = await temporal.workflow.count(query);
      if (count === ids.length) return ids.map(() => true);
      const found = new Set<string>();
      for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1_000 }))
        found.add(workflowId);
      return ids.map((id) => found.has(id));
    },

    async stateOf(key) {
      try {
        const { status } = await temporal.workflow.getHandle(workflowIdOfKey(key)).describe();
        return stateFromStatus(status.name);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'missing';
        throw error;
      }
    },

    async withFailingTasks(limit) {
      const found: string[] = [];
      const query = `TaskQueue = '${taskQueue}' AND ${failingTasks}`;
      try {
        for await (const { workflowId } of temporal.workflow.list({ query, pageSize: limit })) {
          found.push(workflowId);
          if (found.length === limit) break;
        }
      } catch (error) {
        // a server that does not know the attribute refuses the query
        if (!isInvalidArgument(error)) throw error;
      }
      return found;
    },
  };
}

/** The server sets the attribute after five failures in a row, and removes it after a success (docs/sources.md). */
const failingTasks =
  "ExecutionStatus = 'Running' AND TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')";

const invalidArgument = 3;

function isInvalidArgument(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  const code: number | undefined = isGrpcServiceError(cause) ? cause.code : undefined;
  return code === invalidArgument;
}

function workflowIdOfKey(key: WorkflowKey): string {
  return 'npn' in key ? onboardingWorkflowId(key) : referralWorkflowId(key);
}

function stateFromStatus(status: WorkflowExecutionStatusName): WorkflowState {
  switch (status) {
    case 'COMPLETED':
      return 'over';
    case 'FAILED':
    case 'CANCELLED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'interrupted';
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      // the audit restarts only workflows that are known to be closed
      return 'running';
  }
}
