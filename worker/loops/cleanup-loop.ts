import type { Database } from '../../store/database/connection.ts';
import { deletePage, type RetentionKind } from '../../store/ops/retention.ts';
import { deleteUnconfirmed, dueUnconfirmed } from '../../store/referrals/unconfirmed-requests.ts';
import { type FailureLog, processEach, reasonOf } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

interface Page {
  at: Date;
  /** The most rows of a kind. */
  limit?: number;
  /** Requests that could not be deleted by earlier pages of this look; those of this page come to it. */
  failed?: Set<string>;
  log: FailureLog;
}

/**
 * Deletes what is past its time: requests and new contacts that nobody confirmed, counts of limits whose window is over,
 * sessions, and registrations that were typed behind a dead link.
 * @param tickMs how long it waits between two looks
 */
export function startCleanupLoop(
  { db, log }: { db: Database; log: FailureLog },
  { tickMs }: { tickMs: number },
): Loop {
  let failed = new Set<string>();
  return startLoop({
    begin: () => {
      failed = new Set();
    },
    processPage: () => cleanUpPage(db, { at: new Date(), failed, log }),
    tickMs,
    log,
    failureMessage: 'What is past its time cannot be deleted; it is tried again.',
  });
}

/** Deletes one page of each kind that is over at an instant. A kind, or a request, that fails stops no other. */
export async function cleanUpPage(
  db: Database,
  { at, limit = 200, failed = new Set(), log }: Page,
): Promise<{ isFull: boolean }> {
  const jobs: Record<RetentionKind, () => Promise<boolean>> = {
    'unconfirmed-requests': () => deleteRequests(db, { at, limit, failed, log }),
    'unconfirmed-contacts': async () =>
      (await deletePage['unconfirmed-contacts'](db, { at, limit })) === limit,
    'rate-limits': async () => (await deletePage['rate-limits'](db, { at, limit })) === limit,
    sessions: async () => (await deletePage.sessions(db, { at, limit })) === limit,
    'registration-requests': async () =>
      (await deletePage['registration-requests'](db, { at, limit })) === limit,
  };
  let isFull = false;
  for (const [kind, job] of Object.entries(jobs)) {
    try {
      isFull = (await job()) || isFull;
    } catch (error) {
      log.warn({ kind, reason: reasonOf(error) }, 'One kind of what is past its time cannot be deleted.');
    }
  }
  return { isFull };
}

/** Each request is a transaction of its own. @returns whether there may be more */
async function deleteRequests(db: Database, { at, limit, failed, log }: Required<Page>): Promise<boolean> {
  const ids = await dueUnconfirmed(db, { at, except: failed, limit });
  const failedBefore = failed.size;
  const done = await processEach(ids, {
    work: (referralId) => db.transaction().execute((tx) => deleteUnconfirmed(tx, { referralId, at })),
    failed,
    log,
    message: 'A request that is past its time cannot be deleted; it is tried again.',
  });
  // a page of which each row is held by somebody else brings nothing on
  return ids.length === limit && done + failed.size > failedBefore;
}
