/** Workflows that a worker runs. */
export { audit } from './audit.ts';
export { onboarding } from './onboarding.ts';
export { pullRegistrations } from './pull-registrations.ts';
export { referral } from './referral.ts';
export { reviewAll } from './review-all.ts';
export { sendNotice } from './send-notice.ts';
