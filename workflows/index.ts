/** The stories that a worker carries. */
export { audit } from './audit.ts';
export { onboarding } from './onboarding.ts';
export { pullList } from './pull-list.ts';
export { referral } from './referral.ts';
export { reviewEveryone } from './review-everyone.ts';
export { telling } from './send-notice.ts';
