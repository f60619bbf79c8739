/** Workflows that a worker runs. `telling` is the name on the wire, where recorded histories have it. */
export { audit } from './audit.ts';
export { onboarding } from './onboarding.ts';
export { pullList } from './pull-list.ts';
export { referral } from './referral.ts';
export { reviewEveryone } from './review-everyone.ts';
export { telling } from './send-notice.ts';
