import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { failureTypes } from '../domain/failures.ts';

/** Failures that are safe in a history as they are: our refusals, and a provider's outage. */
const passThroughTypes: ReadonlySet<string> = new Set([...failureTypes, 'provider-outage']);

/**
 * Keeps personal data out of Temporal (docs/architecture.md, rule 9). Errors of drivers and providers quote what they
 * were given: the original goes to the log, which redacts it, and Temporal gets a fixed sentence with ids and no cause.
 * The activity's retry policy decides what happens next.
 */
export function createFailureInterceptor(log: { error: (values: object, message: string) => void }) {
  return (context: Context): { inbound: ActivityInboundCallsInterceptor } => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof CancelledFailure) throw error;
          if (error instanceof ApplicationFailure && passThroughTypes.has(error.type ?? '')) throw error;
          const { activityType, attempt, workflowExecution } = context.info;
          const about = { activity: activityType, attempt, workflowId: workflowExecution?.workflowId };
          log.error({ ...about, err: error }, 'Activity failed, will retry');
          throw ApplicationFailure.create({
            type: 'failed-for-now',
            message: 'The activity failed and will be retried. The log has the reason.',
            details: [{ activity: activityType, attempt }],
          });
        }
      },
    },
  });
}
