import { withdrawUnconfirmed } from '../../../store/referrals/erasure/unconfirmed-requests.ts';
import { readConsumerReferral } from '../../../store/referrals/referral-views.ts';
import { referralWorkflowId, withdraw } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { ReferralStatus } from '../../schemas/referrals/offers.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';

/**
 * Creates the withdrawal of a referral, at any time until it has ended, even while an offer is open. A repeat gets
 * the same result.
 */
export function createWithdrawal(deps: Deps) {
  return async (referralId: string): Promise<ReferralStatus> =>
    (await answerFromRow(referralId)) ??
    executeUpdate(deps, {
      workflowId: referralWorkflowId({ referralId }),
      update: withdraw,
      updateId: 'withdraw',
      args: [],
      answerFromRow: () => answerFromRow(referralId),
    });

  /** Answers from the row if the referral has ended or is unconfirmed (docs/architecture.md, rule 4). */
  async function answerFromRow(referralId: string): Promise<ReferralStatus | undefined> {
    const { stage, since, closedAt } = (await readConsumerReferral(deps.db, referralId)) ?? fail('not-found');
    if (stage === 'unconfirmed') return withdrawBeforeConfirmation(referralId);
    if (stage === 'withdrawn') return { stage, since: since.toISOString() };
    if (closedAt) fail('referral-ended', { members: { stage, at: closedAt.toISOString() } });
    return undefined;
  }

  /**
   * Withdraws in the database: before the contact is confirmed, no workflow runs.
   * @returns undefined if it has just started
   */
  async function withdrawBeforeConfirmation(referralId: string): Promise<ReferralStatus | undefined> {
    const at = deps.now();
    const row = await deps.db.transaction().execute((tx) => withdrawUnconfirmed(tx, { referralId, at }));
    return row && { stage: row.stage, since: row.since.toISOString() };
  }
}
