import { createDeliverNotice, type DeliverNoticeDeps } from './deliver-notice.ts';
import { createOnboardingActivities, type OnboardingDeps } from './onboarding.ts';
import { createReferralActivities, type ReferralDeps } from './referral.ts';

export type ActivityDeps = OnboardingDeps & ReferralDeps & DeliverNoticeDeps;

/** Every deed that a worker of this service can do. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createOnboardingActivities(deps),
    ...createReferralActivities(deps),
    deliverNotice: createDeliverNotice(deps),
  };
}
