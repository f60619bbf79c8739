import { type Client, isGrpcServiceError } from '@temporalio/client';
import { unlessAborted, withTimeLimit } from '../../runtime/stop-signals.ts';

/** The gRPC statuses with which nobody has looked at a call: canceled, too late, throttled, unavailable, not let in. */
const unansweredStatuses: ReadonlySet<number> = new Set([1, 4, 7, 8, 14, 16]);

/** Error of a call that was given up: no answer in time, or the process stops. */
const noAnswerError = () => Object.assign(new Error('No answer in time'), { name: 'NoAnswer' });

/**
 * Calls Temporal with an end, whatever Temporal does: the client retries an unreachable server beyond the deadline of a
 * call, so the calls are canceled too.
 * @param withinMs milliseconds for all calls of `work`
 * @param stopping ends the calls at once
 * @throws the error of `work`, or one that `isUnanswered` knows
 */
export async function callTemporal<T>(
  client: Client,
  { withinMs, stopping }: { withinMs: number; stopping: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  return withTimeLimit({ withinMs, stopping }, async (ended) => {
    if (ended.aborted) throw noAnswerError();
    const calls = client.withDeadline(Date.now() + withinMs, () => client.withAbortSignal(ended, work));
    try {
      return await unlessAborted(ended, calls);
    } catch (error) {
      throw error === ended.reason ? noAnswerError() : error;
    }
  });
}

/** Returns whether Temporal has not answered, rather than refused what it was asked. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === noAnswerError().name) return true;
  const cause = isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(cause) && unansweredStatuses.has(cause.code);
}
