/** Days of which an agent's figures are counted. */
export const figureDays = 30;

/** Agents who must contribute to a median that other agents are shown: of fewer, one could be recognized. */
export const fewestAgents = 10;

/** Figures of an agent in a state, or the medians of all agents there. Null: nothing to count it of. */
export interface AgentFigures {
  /** Offers, without those that another agent took. */
  offers: number;
  /** Share of the offers that could be answered which were accepted or declined, 0 to 1. */
  answeredShare: number | null;
  acceptedShare: number | null;
  /** Median time to accept or decline. */
  answerSeconds: number | null;
  /** Share of the referrals that were reached in time, of those that were reached or lost for want of contact. */
  contactedInTimeShare: number | null;
  /** Share of the referrals that ended with an enrollment, of those that ended after first contact. */
  enrolledShare: number | null;
}

/** The figures, in the order in which they are shown. */
export const figureNames = [
  'offers',
  'answeredShare',
  'acceptedShare',
  'answerSeconds',
  'contactedInTimeShare',
  'enrolledShare',
] as const satisfies (keyof AgentFigures)[];

const dayMs = 24 * 60 * 60_000;

/** Returns the beginning of the days that are counted. */
export function figuresSince(at: Date): Date {
  return new Date(at.getTime() - figureDays * dayMs);
}

/** Returns the instant before which a count of medians is out of date: those of 30 days change little in six hours. */
export function mediansCountedSince(at: Date): Date {
  return new Date(at.getTime() - dayMs / 4);
}
