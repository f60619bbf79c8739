import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { failureTypes } from '../domain/failures.ts';

/** Failures that were written for Temporal: our refusals, and a provider's outage. */
const passThroughTypes: ReadonlySet<string> = new Set([...failureTypes, 'provider-outage']);

/**
 * Keeps personal data out of Temporal (rule 9): an error of a driver or a provider quotes what it was given, so the
 * original goes to the log, which redacts it, and Temporal gets a sentence with ids alone, without the cause.
 * The repeat policy of the call decides what happens next.
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
          log.error({ ...about, err: error }, 'A deed failed and is tried again.');
          throw ApplicationFailure.create({
            type: 'failed-for-now',
            message: 'The deed could not be done now; it is tried again. The log has the reason.',
            details: [{ activity: activityType, attempt }],
          });
        }
      },
    },
  });
}
