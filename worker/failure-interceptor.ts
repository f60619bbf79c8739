import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { failureTypes } from '../domain/failures.ts';
import type { ActivityFailureRecorder } from './activity-failures.ts';

/** Our refusals: they end the activity, as a result does. */
const refusals: ReadonlySet<string> = new Set(failureTypes);

/** Failures that only postpone the activity, as long as they say. */
const postponements: ReadonlySet<string> = new Set(['provider-outage', 'quiet-hours']);

/**
 * Keeps personal data out of Temporal (docs/architecture.md, rule 9). Errors of drivers and providers quote what they
 * were given: the original goes to the log, which redacts it, and Temporal gets a fixed sentence with ids and no cause.
 * The activity's retry policy decides what happens next. An activity that fails again and again is recorded for ops.
 */
export function createFailureInterceptor(
  log: { error: (values: object, message: string) => void },
  recorder: ActivityFailureRecorder,
) {
  return (context: Context): { inbound: ActivityInboundCallsInterceptor } => ({
    inbound: {
      async execute(input, next) {
        const { activityType: activity, activityId, attempt, workflowExecution } = context.info;
        const workflowId = workflowExecution?.workflowId ?? '';
        const about = { workflowId, activityId, activity, attempt };
        try {
          const result = await next(input);
          await recorder.ended(about);
          return result;
        } catch (error) {
          if (isOf(postponements, error)) throw error;
          if (error instanceof CancelledFailure || isOf(refusals, error)) {
            await recorder.ended(about);
            throw error;
          }
          log.error({ activity, attempt, workflowId, err: error }, 'Activity failed, will retry');
          await recorder.failed(about, error);
          throw ApplicationFailure.create({
            type: 'failed-for-now',
            message: 'The activity failed and will be retried. The log has the reason.',
            details: [{ activity, attempt }],
          });
        }
      },
    },
  });
}

/** Returns whether an error is one of our own failures, which are safe in a history as they are. */
function isOf(types: ReadonlySet<string>, error: unknown): boolean {
  return error instanceof ApplicationFailure && types.has(error.type ?? '');
}
