/** How many agents a referral may ask at once. */
export interface OfferOverlap {
  /** Time after which one more agent is asked beside those who have not answered, in milliseconds. */
  afterMs: number;
  /** Largest number of agents asked at once. */
  atOnce: number;
  /** A larger number, for the last part of the time to find an agent. */
  late?: { atOnce: number; lastMs: number };
}

/** Returns the largest number of agents whom one referral asks at once; without overlap an offer is one agent's own turn. */
export function mostAskedAtOnce(overlap: OfferOverlap | null): number {
  return overlap ? Math.max(overlap.atOnce, overlap.late?.atOnce ?? 0) : 1;
}

/** A referral that looks for an agent. */
interface Search {
  /** When it asked the first agent, since it asked for help or since it lost the agent who had accepted. */
  beganAt: Date;
  /** End of its time to find an agent. */
  budgetEndsAt: Date;
}

/**
 * Returns how many unanswered offers a referral may have at an instant, and when there may be one more; undefined: never.
 *
 * The places grow with the search and do not shrink, so an agent who declines is replaced at once.
 */
export function offerPlacesAt(
  at: Date,
  { afterMs, atOnce, late }: OfferOverlap,
  { beganAt, budgetEndsAt }: Search,
): { places: number; nextAt: Date | undefined } {
  const lateFrom = late ? budgetEndsAt.getTime() - late.lastMs : Number.POSITIVE_INFINITY;
  const isLate = at.getTime() >= lateFrom;
  const most = late && isLate ? late.atOnce : atOnce;
  const places = Math.min(most, 1 + Math.floor((at.getTime() - beganAt.getTime()) / afterMs));
  const growsAt = beganAt.getTime() + places * afterMs;
  if (places < most) return { places, nextAt: beforeEnd(growsAt, budgetEndsAt) };
  return { places, nextAt: isLate ? undefined : beforeEnd(Math.max(growsAt, lateFrom), budgetEndsAt) };
}

function beforeEnd(at: number, budgetEndsAt: Date): Date | undefined {
  return at < budgetEndsAt.getTime() ? new Date(at) : undefined;
}
