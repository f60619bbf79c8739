import { type AuditDeps, createAuditActivities } from './audit.ts';
import { createDeliverNotice, type DeliverNoticeDeps } from './deliver-notice.ts';
import { createLicenseActivities, type LicenseDeps } from './licenses.ts';
import { createOnboardingActivities, type OnboardingDeps } from './onboarding.ts';
import { createPhoneActivities, type PhoneDeps } from './phones.ts';
import { createPullActivities, type PullDeps } from './pull-list.ts';
import { createReferralActivities, type ReferralDeps } from './referral.ts';
import { createReviewActivities } from './review-everyone.ts';

export type ActivityDeps = OnboardingDeps &
  LicenseDeps &
  PhoneDeps &
  AuditDeps &
  PullDeps &
  ReferralDeps &
  DeliverNoticeDeps;

/** Every deed that a worker of this service can do. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createOnboardingActivities(deps),
    ...createLicenseActivities(deps),
    ...createPhoneActivities(deps),
    ...createPullActivities(deps),
    ...createReferralActivities(deps),
    ...createReviewActivities({ ...deps, pageSize: 1_000 }),
    ...createAuditActivities(deps),
    deliverNotice: createDeliverNotice(deps),
  };
}
