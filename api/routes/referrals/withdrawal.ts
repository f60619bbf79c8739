import { readConsumerReferral } from '../../../store/referrals/referral-views.ts';
import { withdrawUnconfirmed } from '../../../store/referrals/unconfirmed-requests.ts';
import { referralWorkflowId, withdraw } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { ReferralStatus } from '../../schemas/referrals/offers.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';

/** Withdraws a referral, now or before: at any moment until it is over, also while an agent is being told of it. */
export function createWithdrawal(deps: Deps) {
  return async (referralId: string): Promise<ReferralStatus> =>
    (await withdrawnInRow(referralId)) ??
    executeUpdate(deps, {
      workflowId: referralWorkflowId({ referralId }),
      update: withdraw,
      updateId: 'withdraw',
      args: [],
      answerFromRow: () => withdrawnInRow(referralId),
    });

  /** The row's answer to a withdrawal of a referral that is over (rule 4). */
  async function withdrawnInRow(referralId: string): Promise<ReferralStatus | undefined> {
    const { stage, since, closedAt } = (await readConsumerReferral(deps.db, referralId)) ?? fail('not-found');
    if (stage === 'unconfirmed') return withdrawnUnconfirmed(referralId);
    if (stage === 'withdrawn') return { stage, since: since.toISOString() };
    if (closedAt) fail('referral-ended', { members: { stage, at: closedAt.toISOString() } });
    return undefined;
  }

  /** No story runs before the contact is confirmed; one that starts at this moment is asked as any other. */
  async function withdrawnUnconfirmed(referralId: string): Promise<ReferralStatus | undefined> {
    const at = deps.now();
    const row = await deps.db.transaction().execute((tx) => withdrawUnconfirmed(tx, { referralId, at }));
    return row && { stage: row.stage, since: row.since.toISOString() };
  }
}
