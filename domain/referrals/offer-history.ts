import { type OfferEnd, type OfferPhase, offerEndRules } from './offer.ts';

/** What became of an offer: its end, or the phase that it is in. */
export type OfferState = OfferPhase | OfferEnd;

/** All of them, open ones first. */
export const offerStates: readonly OfferState[] = [
  'offered',
  'accepted',
  'contacted',
  ...(Object.keys(offerEndRules) as OfferEnd[]),
];
