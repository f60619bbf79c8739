/** Why somebody takes part no more: the agent's own word, or what ops recorded. */
export const departureCauses = ['agent', 'departure', 'death', 'other'] as const;
export type DepartureCause = (typeof departureCauses)[number];

/** What an agent may say of why he leaves; he need not. */
export const departureReasons = [
  'no-longer-selling',
  'too-few-referrals',
  'too-many-messages',
  'other-channels',
  'other',
] as const;
export type DepartureReason = (typeof departureReasons)[number];
