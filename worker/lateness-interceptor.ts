import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { lateTaskMs } from '../domain/time-limits.ts';

/**
 * Refuses a transaction inside a workflow task that this worker got late: the task could time out while the transaction runs,
 * and the next one come in the middle of it (`workflows/superseded-tasks.ts`). The workflow then asks for it as an ordinary
 * activity.
 *
 * How late is read from the instant that the workflow names, which is Temporal's. A worker whose clock is ahead of Temporal's
 * by more than the limit refuses all of them: that costs time and events, and nothing else.
 */
export function createLatenessInterceptor(log: { warn: (values: object, message: string) => void }) {
  return ({ info }: Context): { inbound: ActivityInboundCallsInterceptor } => ({
    inbound: {
      async execute(input, next) {
        const [about] = input.args as [{ at?: string }?];
        const lateMs = info.isLocal && about?.at ? Date.now() - Date.parse(about.at) : 0;
        if (lateMs <= lateTaskMs) return next(input);
        const { activityType: activity, workflowExecution } = info;
        log.warn({ activity, workflowId: workflowExecution?.workflowId, lateMs }, 'Workflow task came late');
        throw ApplicationFailure.create({ type: 'task-late', message: 'The workflow task came late.' });
      },
    },
  });
}
