import type { FailureType } from '../../../domain/failures.ts';
import { wakeReferralWorkflow } from '../../../store/referrals/referral-queue.ts';
import type { Deps } from '../../deps.ts';
import { fail, ProblemError } from '../../http/problems.ts';
import { executeUpdate, type UpdateRequest } from '../../temporal/execute-update.ts';

/** How long the workflow is asked about a command that the row has answered already, in milliseconds. */
const repeatTimeoutMs = 1_000;

/**
 * Creates what is done about updates that Temporal has lost although their transaction has committed, because it was away
 * just then: the workflow knows less than the rows, and would not act on them before the deadline that it knows.
 */
export function createLostUpdates(deps: Pick<Deps, 'db' | 'temporal'>) {
  /** Has the workflow read the rows, by the relay, which tries again until Temporal is there. */
  const wake = (referralId: string) =>
    deps.db.transaction().execute((tx) => wakeReferralWorkflow(tx, referralId));

  return {
    /**
     * Sends a command again that its row has answered. A workflow that knows of it gives its first result, which adds nothing to
     * its history; another one carries it out, and finds what the transaction did.
     * @throws a problem if the row has changed meanwhile
     */
    async repeat<Ret, Args extends unknown[]>(
      referralId: string,
      request: UpdateRequest<Ret, Args>,
    ): Promise<void> {
      try {
        await executeUpdate({ ...deps, settings: { updateTimeoutMs: repeatTimeoutMs } }, request);
      } catch (error) {
        if (error instanceof ProblemError && error.type !== 'not-answered-yet') throw error;
        await wake(referralId);
      }
    },

    /**
     * Ends a request that the workflow refuses for the phase of the offer, although the row allows it.
     * @throws a problem of type `not-answered-yet`: a repeat finds the workflow in the phase of the row
     */
    async failBehind(referralId: string): Promise<never> {
      await wake(referralId);
      return fail('not-answered-yet', { retryAfter: 1 });
    },
  };
}

/** Returns whether a workflow refuses a command for the phase that it knows. */
export const isAboutPhase = (refusal: FailureType | undefined): boolean => refusal === 'not-allowed-now';
