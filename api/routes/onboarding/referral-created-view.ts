import { nextOpening } from '../../../domain/time/service-calendar.ts';
import type { StoredReferral } from '../../../store/referrals/intake.ts';
import { linkToken } from '../../../store/tokens.ts';
import type { ApiSettings } from '../../deps.ts';
import type { ReferralCreated } from '../../schemas/referrals/referrals.ts';

/** Converts a new referral to the response. The response stays the same for every repeat of the request. */
export function referralCreatedView(
  { id, stage, createdAt, timeZone }: StoredReferral,
  { linkSecret, publicUrl, policy }: Pick<ApiSettings, 'linkSecret' | 'publicUrl' | 'policy'>,
): ReferralCreated {
  const token = linkToken(linkSecret, 'referral', id);
  const opensAt = nextOpening(createdAt, policy.serviceCalendar, timeZone);
  return {
    id,
    token,
    statusUrl: `${publicUrl}/status/${id}#${token}`,
    stage,
    opensAt: opensAt && opensAt > createdAt ? opensAt.toISOString() : null,
  };
}
