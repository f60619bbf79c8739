import type { Policy } from '../../domain/policy.ts';
import { eraseAgent, readOverdueAgents } from '../../store/agents/overdue-agents.ts';
import type { Database } from '../../store/database/connection.ts';
import { destroyedKeyFields, keyDestroyedMessage } from '../../store/encryption/destroyed-keys.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import { deletePage, type RetentionKind, retentionKinds } from '../../store/ops/retention.ts';
import {
  applyRetention,
  overdueReferrals,
  type ReferralRetention,
  readOverdueReferrals,
} from '../../store/referrals/erasure/overdue-referrals.ts';
import { type FailureLog, processEach, reasonOf } from '../outbox/process-each.ts';
import { type Loop, startLoop } from './loop.ts';

interface CleanupDeps {
  /** With the user who may delete what is kept for a time. */
  db: Database;
  keyring: Pick<Keyring, 'masterKeys'>;
  policy: Pick<Policy, 'agentKeptAfterEndMs'>;
  log: FailureLog & { info: (values: object, message: string) => void };
}

interface Page {
  at: Date;
  /** Maximum rows of each kind. */
  limit?: number;
  /** Referrals and agents that failed in earlier pages of this pass; those that fail now are added. */
  failed?: Set<string>;
  /** Kinds of which an earlier page of this pass left nothing; those of which this one does are added. */
  finished?: Set<RetentionKind>;
  stopping: AbortSignal;
}

/**
 * Deletes and erases what is past its time (docs/security.md, how long things are kept), in pages.
 * @param tickMs milliseconds between two passes
 */
export function startCleanupLoop(deps: CleanupDeps, { tickMs }: { tickMs: number }): Loop {
  return startLoop({
    beginPass: () => {
      const failed = new Set<string>();
      const finished = new Set<RetentionKind>();
      return (stopping) => cleanUpPage(deps, { at: new Date(), failed, finished, stopping });
    },
    tickMs,
    log: deps.log,
    failureMessage: 'Cleanup loop failed, will retry',
  });
}

/**
 * Processes one page of each kind that is not finished. A kind, or a single referral or agent, that fails does not stop the
 * others, and is tried again by the next pass.
 */
export async function cleanUpPage(
  deps: CleanupDeps,
  { at, limit = 200, failed = new Set(), finished = new Set(), stopping }: Page,
): Promise<{ isFull: boolean }> {
  const page = { at, limit, failed, stopping };
  for (const kind of retentionKinds) {
    if (stopping.aborted) break;
    if (finished.has(kind)) continue;
    let mayBeMore = false;
    try {
      mayBeMore = await cleanUpKind(deps, kind, page);
    } catch (error) {
      deps.log.warn({ kind, reason: reasonOf(error) }, 'Cleanup of one kind failed, will retry');
    }
    if (!mayBeMore) finished.add(kind);
  }
  return { isFull: finished.size < retentionKinds.length };
}

type WholePage = Required<Omit<Page, 'finished'>>;

/** Processes one page of a kind. @returns whether there may be more */
async function cleanUpKind(deps: CleanupDeps, kind: RetentionKind, page: WholePage): Promise<boolean> {
  if (kind === 'agents') return eraseAgents(deps, page);
  if (isOfReferrals(kind)) return retainReferrals(deps, kind, page);
  return (await deletePage(deps.db, kind, page)) === page.limit;
}

const isOfReferrals = (kind: RetentionKind): kind is ReferralRetention => kind in overdueReferrals;

/** Erases or deletes each referral in its own transaction. @returns whether there may be more */
async function retainReferrals(
  { db, keyring, log }: CleanupDeps,
  kind: ReferralRetention,
  { at, limit, failed, stopping }: WholePage,
): Promise<boolean> {
  const ids = await readOverdueReferrals(db, kind, { at, except: failed, limit });
  return eachInTurn(ids, {
    async work(referralId) {
      const done = await db
        .transaction()
        .execute((tx) => applyRetention[kind](tx, keyring, { referralId, at }));
      if (done && kind === 'ended-referrals')
        log.info(destroyedKeyFields({ referralId, because: 'ended', at }), keyDestroyedMessage);
      return done;
    },
    limit,
    failed,
    stopping,
    log,
    message: 'Referral past its time not cleaned up, will retry',
  });
}

/** Erases each agent in their own transaction. @returns whether there may be more */
async function eraseAgents(
  { db, policy, log }: CleanupDeps,
  { at, limit, failed, stopping }: WholePage,
): Promise<boolean> {
  const npns = await readOverdueAgents(db, { at, except: failed, limit, policy });
  return eachInTurn(npns, {
    work: (npn) => db.transaction().execute((tx) => eraseAgent(tx, { npn, at, policy })),
    limit,
    failed,
    stopping,
    log,
    message: 'Agent past their time not erased, will retry',
  });
}

/** Processes rows one after another. @returns whether there may be more of them */
async function eachInTurn(
  ids: readonly string[],
  { limit, ...each }: Parameters<typeof processEach>[1] & { limit: number },
): Promise<boolean> {
  const failedBefore = each.failed.size;
  const done = await processEach(ids, each);
  // another pass over a page whose rows are all locked elsewhere would make no progress
  return ids.length === limit && done + each.failed.size > failedBefore;
}
