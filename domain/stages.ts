/** Where an agent's onboarding for one plan year stands, in the order of the guide. */
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

/** Where a consumer's referral stands. */
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

/** Stages that a story never leaves: its workflow ends there and Postgres answers for it. */
export const finalStages: ReadonlySet<OnboardingStage | ReferralStage> = new Set([
  'lapsed',
  'left',
  'closed',
  'unmatched',
  'withdrawn',
]);

/** Who made something happen. */
export const actors = ['agent', 'consumer', 'ops', 'clock', 'service'] as const;
export type Actor = (typeof actors)[number];
