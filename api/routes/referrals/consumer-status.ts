import { type ConsumerReferral, readConsumerReferral } from '../../../store/referrals/referral-views.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { ReferralStatus } from '../../schemas/referrals/offers.ts';

/** Creates the readers of a referral as its consumer sees it. Each throws `not-found` without one. */
export function createConsumerStatus({ db }: Deps) {
  return { view, readStatus, failOver };

  async function view(referralId: string): Promise<ConsumerReferral> {
    return (await readConsumerReferral(db, referralId)) ?? fail('not-found');
  }

  async function readStatus(referralId: string): Promise<ReferralStatus> {
    const { stage, since } = await view(referralId);
    return { stage, since: since.toISOString() };
  }

  /** Refuses an action on a referral that is closed, or is about to be: then the request must be repeated. */
  async function failOver(referralId: string): Promise<never> {
    const { stage, closedAt } = await view(referralId);
    return closedAt
      ? fail('referral-ended', { members: { stage, at: closedAt.toISOString() } })
      : fail('not-answered-yet', { retryAfter: 1 });
  }
}
