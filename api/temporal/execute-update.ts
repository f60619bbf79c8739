import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition, WorkflowNotFoundError } from '@temporalio/common';
import { type FailureType, refusalOf } from '../../domain/failures.ts';
import { fail, ProblemError } from '../http/problems.ts';

/** Extra milliseconds after the deadline before the request ends without a result. */
const graceMs = 250;
/**
 * Milliseconds until an update that a busy workflow refused is sent again: what it records takes some ten, and longer only
 * in an outage, so the wait grows.
 */
const busyRetryMs = { first: 50, most: 800 } as const;
/** Refusals while another command is being recorded; its result decides this one. */
const busyRefusals: ReadonlySet<string | undefined> = new Set(['offer-busy', 'registration-busy']);
/** Refusals whose details only the row has: how an offer ended, what was answered, and when. */
const refusalsOfRow: ReadonlySet<string | undefined> = new Set(['offer-ended', 'not-allowed-now']);

export interface UpdateRequest<Ret, Args extends unknown[]> {
  workflowId: string;
  update: UpdateDefinition<Ret, Args>;
  /** Id of the command: a repeat attaches to the same update and gets its result (docs/architecture.md, rule 3). */
  updateId: string;
  args: Args;
  /**
   * Answers from the database: without a refusal if the workflow is closed or was never started (docs/architecture.md,
   * rule 4), and with the workflow's refusal if it is `offer-ended` or `not-allowed-now`.
   * @returns undefined if the row does not say: the request must be repeated, or the refusal stands
   * @throws a problem
   */
  answerFromRow: (refusal?: FailureType) => Promise<Ret | undefined>;
}

export interface UpdateDeps {
  temporal: Client;
  settings: { updateTimeoutMs: number };
}

/**
 * Executes a workflow update; every update of the API is sent through here. After `settings.updateTimeoutMs` the request
 * ends with 503, although the update may still take effect.
 * @throws the refusal of the workflow, which `errors.ts` maps to a problem, or a problem of type `not-answered-yet`
 */
export async function executeUpdate<Ret, Args extends unknown[]>(
  { temporal, settings }: UpdateDeps,
  { workflowId, update, updateId, args, answerFromRow }: UpdateRequest<Ret, Args>,
): Promise<Ret> {
  const handle = temporal.workflow.getHandle(workflowId);
  // the client's types distinguish updates with and without arguments, which generic code cannot
  const execute = handle.executeUpdate.bind<unknown>(handle) as (
    definition: UpdateDefinition<Ret, Args>,
    options: { updateId: string; args: Args },
  ) => Promise<Ret>;
  const timeoutMs = settings.updateTimeoutMs;
  const giveUpAt = Date.now() + timeoutMs;
  const executeUntilAccepted = async (waitMs: number = busyRetryMs.first): Promise<Ret> => {
    try {
      return await temporal.withDeadline(giveUpAt, () => execute(update, { updateId, args }));
    } catch (error) {
      // a refusal by the validator leaves no trace in the history, so the same update can be sent again
      if (!busyRefusals.has(refusalOf(error)?.type) || Date.now() + waitMs > giveUpAt) throw error;
      await sleep(waitMs);
      return executeUntilAccepted(Math.min(2 * waitMs, busyRetryMs.most));
    }
  };
  try {
    return await withTimeout(timeoutMs, executeUntilAccepted());
  } catch (error) {
    // without an answer the row is open: the relay has not started the workflow yet, or the workflow is closing
    if (isWorkflowClosed(error))
      return (await answerFromRow()) ?? fail('not-answered-yet', { retryAfter: 1 });
    const refusal = refusalOf(error)?.type;
    const answer = refusalsOfRow.has(refusal) ? await answerFromRow(refusal) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
}

/** Ends the wait after the timeout, because the client retries an unreachable server beyond its own deadline. */
async function withTimeout<T>(timeoutMs: number, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ProblemError('not-answered-yet', { retryAfter: 2 })),
      timeoutMs + graceMs,
    );
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}

function isWorkflowClosed(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}
