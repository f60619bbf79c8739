import { ApiProblem } from './problem.ts';

/** Whether a failed call is repeated by itself: where the service asks for it, three times at most. */
export const shouldRetry = (count: number, error: Error) =>
  count < 3 && error instanceof ApiProblem && error.retryAfterMs !== undefined;

/** Milliseconds until the next repeat. */
export const retryDelayOf = (count: number, error: Error) =>
  Math.min((error instanceof ApiProblem ? (error.retryAfterMs ?? 1_000) : 1_000) * (count + 1), 10_000);

/** Makes a call, and repeats it as the query client does, for pages without it. Every command is idempotent. */
export async function withRetries<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let count = 0; ; count += 1)
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Error) || !shouldRetry(count, error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryDelayOf(count, error)));
    }
}
