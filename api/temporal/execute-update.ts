import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition, WorkflowNotFoundError } from '@temporalio/common';
import { refusalOf } from '../../domain/failures.ts';
import { fail, ProblemError } from '../http/problems.ts';

/** How much later than the deadline an answer may still come in before the request ends without it. */
const graceMs = 250;
/** How soon a story that is busy with another deed is asked again. */
const busyRetryMs = 200;
/** Another command is being written down at this moment; what comes of it is the answer to this one. */
const busyRefusals: ReadonlySet<string | undefined> = new Set(['offer-busy', 'registration-busy']);

export interface UpdateRequest<Ret, Args extends unknown[]> {
  workflowId: string;
  update: UpdateDefinition<Ret, Args>;
  /** The command's own id: a repeat attaches to the same update and gets the first result (rule 3). */
  updateId: string;
  args: Args;
  /**
   * Answers from the row when the workflow is closed or was never started (rule 4): the result, or a problem
   * thrown; undefined where the row says that it is still open.
   */
  answerFromRow: () => Promise<Ret | undefined>;
}

export interface UpdateDeps {
  temporal: Client;
  settings: { updateTimeoutMs: number };
}

/**
 * Every update of the doors goes through here. The answer is waited for 10 seconds; then the request ends with 503
 * and may still be recorded. A refusal ends it with its problem; both by throwing, `errors.ts` has the words.
 */
export async function executeUpdate<Ret, Args extends unknown[]>(
  { temporal, settings }: UpdateDeps,
  { workflowId, update, updateId, args, answerFromRow }: UpdateRequest<Ret, Args>,
): Promise<Ret> {
  const handle = temporal.workflow.getHandle(workflowId);
  // the client's own types tell updates with arguments from those without, which a general call cannot
  const execute = handle.executeUpdate.bind<unknown>(handle) as (
    definition: UpdateDefinition<Ret, Args>,
    options: { updateId: string; args: Args },
  ) => Promise<Ret>;
  const patienceMs = settings.updateTimeoutMs;
  const giveUpAt = Date.now() + patienceMs;
  const ask = async (): Promise<Ret> => {
    try {
      return await temporal.withDeadline(giveUpAt, () => execute(update, { updateId, args }));
    } catch (error) {
      // another answer is being written down: what the validator refused left no trace, so it can be asked again
      if (!busyRefusals.has(refusalOf(error)?.type) || Date.now() + busyRetryMs > giveUpAt) throw error;
      await sleep(busyRetryMs);
      return ask();
    }
  };
  try {
    return await withTimeout(patienceMs, ask());
  } catch (error) {
    if (!isWorkflowGone(error)) throw error;
    // the row is open: the relay has not started the workflow yet, or it closes at this moment
    return (await answerFromRow()) ?? fail('not-answered-yet', { retryAfter: 1 });
  }
}

/** The client goes on trying to reach a server that is away, longer than the deadline: nobody waits for that. */
async function withTimeout<T>(patienceMs: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ProblemError('not-answered-yet', { retryAfter: 2 })),
      patienceMs + graceMs,
    );
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

function isWorkflowGone(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}
