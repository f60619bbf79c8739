import type { Database } from '../store/database/connection.ts';
import { createPhoneActivities, type PhoneDeps } from './agents/phones.ts';
import { createPullActivities, type PullDeps } from './feeds/pull-registrations.ts';
import { createDeliverNotices } from './notifications/deliver-notices.ts';
import type { DeliverNoticeDeps } from './notifications/deliver-over-channel.ts';
import { createLicenseActivities, type LicenseDeps } from './onboarding/licenses.ts';
import { createOnboardingActivities, type OnboardingDeps } from './onboarding/onboarding.ts';
import { createReviewActivities, type ReviewDeps } from './onboarding/review-all.ts';
import { type AuditDeps, createAuditActivities } from './ops/audit.ts';
import { createReferralActivities, type ReferralDeps } from './referrals/referral.ts';

export type ActivityDeps = OnboardingDeps &
  LicenseDeps &
  PhoneDeps &
  AuditDeps &
  PullDeps &
  ReferralDeps &
  ReviewDeps &
  DeliverNoticeDeps & {
    /** The pool of what nobody waits for: the audit and the review of all. */
    backgroundDb: Database;
  };

/** Creates all activities of this service. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createOnboardingActivities(deps),
    ...createLicenseActivities(deps),
    ...createPhoneActivities(deps),
    ...createPullActivities(deps),
    ...createReferralActivities(deps),
    ...createReviewActivities({ ...deps, db: deps.backgroundDb, pageSize: 200 }),
    ...createAuditActivities({ ...deps, db: deps.backgroundDb }),
    deliverNotices: createDeliverNotices(deps),
  };
}
