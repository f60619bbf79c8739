import type { OfferPhase } from '../../../../../domain/referrals/offer.ts';
import type { OfferState } from '../../../../../domain/referrals/offer-history.ts';
import { useText } from '../../../portal-context.tsx';

/** Returns a function that names what became of an offer. */
export function useStateWords(): (became: OfferState) => string {
  const { sentences, words } = useText();
  const { phase } = words.record.history;
  return (became) => (isPhase(became) ? phase[became] : sentences.offerEnd[became].name);
}

/** Returns whether an offer is open, and in which phase. */
export function isPhase(became: OfferState): became is OfferPhase {
  return became === 'offered' || became === 'accepted' || became === 'contacted';
}
