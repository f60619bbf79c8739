/** Stages of one agent's onboarding for one plan year, in the order of the guide. */
export const onboardingStages = [
  'awaiting-eligibility',
  'invited',
  'invitation-undeliverable',
  'invitation-expired',
  'awaiting-terms',
  'active',
  'suspended',
  'lapsed',
  'left',
] as const;
export type OnboardingStage = (typeof onboardingStages)[number];

/** Stages of a consumer's referral. */
export const referralStages = [
  'unconfirmed',
  'queued',
  'offering',
  'accepted',
  'contacted',
  'closed',
  'unmatched',
  'withdrawn',
] as const;
export type ReferralStage = (typeof referralStages)[number];

/** Final stages: the workflow ends there, and Postgres alone answers from then on. */
export const finalStages: ReadonlySet<OnboardingStage | ReferralStage> = new Set([
  'lapsed',
  'left',
  'closed',
  'unmatched',
  'withdrawn',
]);

/** Parties that can cause an event. */
export const actors = ['agent', 'consumer', 'ops', 'clock', 'service'] as const;
export type Actor = (typeof actors)[number];
