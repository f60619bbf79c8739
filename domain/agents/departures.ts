/** Causes of a departure: the agent left, or ops recorded one of the others. */
export const departureCauses = ['agent', 'departure', 'death', 'other'] as const;
export type DepartureCause = (typeof departureCauses)[number];

/** Reasons that an agent may give for leaving; optional. */
export const departureReasons = [
  'no-longer-selling',
  'too-few-referrals',
  'too-many-messages',
  'other-channels',
  'other',
] as const;
export type DepartureReason = (typeof departureReasons)[number];
