import { type Client, type WorkflowExecutionStatusName, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowKey, WorkflowStatusReader } from '../activities/ops/audit-workflows.ts';
import type { WorkflowState } from '../domain/ops/audit.ts';
import { onboardingWorkflowId, referralWorkflowId } from '../workflows/messages.ts';

/** Reads workflow status for the audit: one visibility list for many workflows, one describe call for a single one. */
export function createWorkflowStatusReader(temporal: Client): WorkflowStatusReader {
  return {
    async areRunning(keys) {
      const ids = keys.map(workflowIdOfKey);
      const query = `ExecutionStatus = 'Running' AND WorkflowId IN (${ids.map((id) => `'${id}'`).join(', ')})`;
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
  };
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
