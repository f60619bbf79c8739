import type { OfferEnd } from '../referrals/offer.ts';

/** How a rest ended: the agent said that their hours hold, changed their availability, or answered an offer. */
export const restEnds = ['confirmed', 'availability', 'answer'] as const;
export type RestEnd = (typeof restEnds)[number];

/** An offer of one agent that says something of them, and whether they looked at it in the portal or by its link. */
export interface PastOffer {
  endedAs: OfferEnd | null;
  isSeen: boolean;
}

/**
 * Part of its window for which an offer must have been open to say that its agent left it unseen, although another agent
 * took it: by then the agent has been told a second time.
 */
export const tellingPart = 1 / 3;

/**
 * Returns whether an agent rests: the last offers all reached them and were left unseen and unanswered.
 * @param last the offers since the last rest, the latest first
 * @param after how many of them; 0: nobody rests
 */
export function mustRest(last: readonly PastOffer[], after: number): boolean {
  const counted = last.slice(0, after);
  return (
    after > 0 &&
    counted.length === after &&
    counted.every(({ endedAs, isSeen }) => (endedAs === 'expired' || endedAs === 'taken') && !isSeen)
  );
}
