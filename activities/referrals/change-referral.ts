import { refuse } from '../../domain/failures.ts';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../domain/stages.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { pendingNotices } from '../../store/notifications/notices.ts';
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

/** A change: the referral's new row, and the activity's own result. */
interface ChangedReferral<T> {
  referral: ReferralRow;
  result: T;
}

/**
 * Creates the transaction of the activities of referrals: lock the referral's row, change it, read its state. An activity
 * of several transactions gives them its `instants`; otherwise they are those of the transaction.
 */
export function changeReferralIn({ db, now }: { db: Database; now: () => Date }) {
  return <T extends object>(
    { referralId, at, instants }: { referralId: string; at: string; instants?: ActivityInstants },
    change: (tx: Tx, referral: ReferralRow, instants: ActivityInstants) => Promise<ChangedReferral<T>>,
  ): Promise<T & ReferralState> =>
    db.transaction().execute(async (tx) => {
      const locked = await lockReferral(tx, referralId);
      if (!locked) refuse('not-found', 'There is no such referral.', { referralId });
      const { referral, result } = await change(tx, locked, instants ?? instantsOf(at, now));
      return { ...result, ...(await readReferralState(tx, referral)) };
    });
}

async function readReferralState(tx: Tx, referral: ReferralRow): Promise<ReferralState> {
  return {
    stage: referral.stage,
    since: referral.since.toISOString(),
    causes: referral.causes,
    waitingUntil: referral.waitingUntil?.toISOString(),
    state: referral.state,
    notices: await pendingNotices(tx, { referralId: referral.id }),
  };
}
