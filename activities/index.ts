import { createPhoneActivities, type PhoneDeps } from './agents/phones.ts';
import { createPullActivities, type PullDeps } from './feeds/pull-registrations.ts';
import { createDeliverNotice, type DeliverNoticeDeps } from './notifications/deliver-notice.ts';
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
  DeliverNoticeDeps;

/** Creates all activities of this service. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createOnboardingActivities(deps),
    ...createLicenseActivities(deps),
    ...createPhoneActivities(deps),
    ...createPullActivities(deps),
    ...createReferralActivities(deps),
    ...createReviewActivities({ ...deps, pageSize: 200 }),
    ...createAuditActivities(deps),
    deliverNotice: createDeliverNotice(deps),
  };
}
