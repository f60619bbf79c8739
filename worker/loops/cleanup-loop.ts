import type { Database } from '../../store/database/connection.ts';
import { deletePage, type RetentionKind } from '../../store/ops/retention.ts';
import { deleteUnconfirmed, dueUnconfirmed } from '../../store/referrals/unconfirmed-requests.ts';
import { type FailureLog, processEach, reasonOf } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

interface Page {
  at: Date;
  /** Maximum rows of each kind. */
  limit?: number;
  /** Requests that failed in earlier pages of this pass; those that fail now are added. */
  failed?: Set<string>;
  stopping: AbortSignal;
  log: FailureLog;
}

/**
 * Deletes rows past their retention: requests and contacts that were never confirmed, rate limit counts whose window is
 * over, expired sessions and links to a new password, registration requests whose link is dead, old test offers, and security
 * events of a year ago.
 * @param tickMs milliseconds between two passes
 */
export function startCleanupLoop(
  { db, log }: { db: Database; log: FailureLog },
  { tickMs }: { tickMs: number },
): Loop {
  return startLoop({
    beginPass: () => {
      const failed = new Set<string>();
      return (stopping) => cleanUpPage(db, { at: new Date(), failed, stopping, log });
    },
    tickMs,
    log,
    failureMessage: 'Cleanup loop failed, will retry',
  });
}

/** Deletes one page of each kind. A kind, or a single request, that fails does not stop the others. */
export async function cleanUpPage(
  db: Database,
  { at, limit = 200, failed = new Set(), stopping, log }: Page,
): Promise<{ isFull: boolean }> {
  const deleteRows = (kind: keyof typeof deletePage) => async () =>
    (await deletePage[kind](db, { at, limit })) === limit;
  const jobs: Record<RetentionKind, () => Promise<boolean>> = {
    'unconfirmed-requests': () => deleteRequests(db, { at, limit, failed, stopping, log }),
    'unconfirmed-contacts': deleteRows('unconfirmed-contacts'),
    'rate-limits': deleteRows('rate-limits'),
    sessions: deleteRows('sessions'),
    'registration-requests': deleteRows('registration-requests'),
    'test-offers': deleteRows('test-offers'),
    'security-events': deleteRows('security-events'),
    'password-resets': deleteRows('password-resets'),
    'passkey-challenges': deleteRows('passkey-challenges'),
  };
  let isFull = false;
  for (const [kind, job] of Object.entries(jobs)) {
    if (stopping.aborted) break;
    try {
      isFull = (await job()) || isFull;
    } catch (error) {
      log.warn({ kind, reason: reasonOf(error) }, 'Cleanup of one kind failed, will retry');
    }
  }
  return { isFull };
}

/** Deletes each request in its own transaction. @returns whether there may be more */
async function deleteRequests(
  db: Database,
  { at, limit, failed, stopping, log }: Required<Page>,
): Promise<boolean> {
  const ids = await dueUnconfirmed(db, { at, except: failed, limit });
  const failedBefore = failed.size;
  const done = await processEach(ids, {
    work: (referralId) => db.transaction().execute((tx) => deleteUnconfirmed(tx, { referralId, at })),
    failed,
    stopping,
    log,
    message: 'Unconfirmed request not deleted, will retry',
  });
  // another pass over a page whose rows are all locked elsewhere would make no progress
  return ids.length === limit && done + failed.size > failedBefore;
}
