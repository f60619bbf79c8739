import { asyncLocalStorage } from '@temporalio/activity';
import { refuse } from '../../domain/failures.ts';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../domain/stages.ts';
import type { Database } from '../../store/database/connection.ts';
import { changesOf, type ReferralChanges, writeChanges } from '../../store/referrals/referral-changes.ts';
import { lockReferral, type ReferralRow } from '../../store/referrals/referrals.ts';
import { type ActivityInstants, instantsOf } from '../instants.ts';

/** The state of a referral after an activity, as its workflow knows it: stages, causes and instants (ISO text). */
export interface ReferralState {
  stage: ReferralStage;
  since: string;
  causes: ReferralCause[];
  waitingUntil: string | undefined;
  /** The consumer's state, two letters. */
  state: string;
  /** Pending notices, which no provider has accepted yet. */
  notices: NoticeToSend[];
}

/**
 * Creates the transaction of the activities of referrals: lock the referral's row, collect what changes, write it, and
 * return the state. An activity of several transactions gives them its `instants`; otherwise they are those of the
 * transaction.
 */
export function changeReferralIn({ db, now }: { db: Database; now: () => Date }) {
  return <T extends object>(
    { referralId, at, instants }: { referralId: string; at: string; instants?: ActivityInstants },
    change: (changes: ReferralChanges, instants: ActivityInstants) => Promise<T>,
  ): Promise<T & ReferralState> =>
    db.transaction().execute(async (tx) => {
      const locked = await lockReferral(tx, referralId);
      assertStillAwaited();
      if (!locked) refuse('not-found', 'There is no such referral.', { referralId });
      const changes = changesOf(tx, locked);
      const result = await change(changes, instants ?? instantsOf(at, now));
      const notices = await writeChanges(changes);
      return { ...result, ...stateOf(changes.referral), notices };
    });
}

/**
 * Ends a transaction inside a workflow task that came too late to its connection or its lock: an ordinary activity does it
 * instead, and nobody would follow what this one did.
 */
function assertStillAwaited(): void {
  if (asyncLocalStorage.getStore()?.cancellationSignal.aborted)
    throw new Error('The transaction came too late: the workflow task has given it up.');
}

function stateOf({ stage, since, causes, waitingUntil, state }: ReferralRow): Omit<ReferralState, 'notices'> {
  return {
    stage,
    since: since.toISOString(),
    causes,
    waitingUntil: waitingUntil?.toISOString(),
    state,
  };
}
