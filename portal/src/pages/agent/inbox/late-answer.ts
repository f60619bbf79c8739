import type { Offer, OfferStatus } from '../../../../../api/schemas/referrals/offers.ts';
import type { OfferEnd } from '../../../../../domain/referrals/offer.ts';
import type { TimeContext } from '../../../../../domain/text/locale-format.ts';
import type { Sentences } from '../../../../../domain/text/sentences.ts';
import type { ApiProblem } from '../../../api/problem.ts';

/**
 * Text about the end of an offer, or its acceptance, for an agent whose answer came too late. If only the time of the end is known, the offer
 * had expired.
 * @returns undefined if the answer failed for another reason
 */
export function lateAnswerText(
  problem: ApiProblem,
  sentences: Sentences,
  when: TimeContext,
): string | undefined {
  const { at: endedAt } = problem;
  // declined in one window after it was accepted in another
  if (problem.kind === 'not-allowed-now' && endedAt)
    return sentences.offerAccepted({ acceptedAt: endedAt, when });
  if (problem.kind !== 'offer-ended' && problem.kind !== 'referral-ended') return undefined;
  if (!endedAt) return problem.message;
  return (
    endText(problem.members['end'], endedAt, sentences, when) ??
    sentences.offerEnd.expired.agent({ endedAt, when })
  );
}

/**
 * Text about an offer that is no longer open although this page has not answered it.
 * @param became what became of it; undefined: it could not be read
 * @returns undefined if only that is known
 */
export function goneText(
  offer: Offer,
  became: OfferStatus | undefined,
  { sentences, when }: { sentences: Sentences; when: TimeContext },
): string | undefined {
  if (became?.acceptedAt && !became.endedAt)
    return sentences.offerAccepted({ acceptedAt: new Date(became.acceptedAt), when });
  if (became?.endedAt) return endText(became.end, new Date(became.endedAt), sentences, when);
  const endedAt = new Date(offer.expiresAt);
  return when.now >= endedAt ? sentences.offerEnd.expired.agent({ endedAt, when }) : undefined;
}

/** Text of an offer's end for its agent, from the sentence catalog; undefined for an unknown end. */
export function endText(
  end: unknown,
  endedAt: Date,
  sentences: Sentences,
  when: TimeContext,
): string | undefined {
  if (typeof end !== 'string' || !Object.hasOwn(sentences.offerEnd, end)) return undefined;
  return sentences.offerEnd[end as OfferEnd].agent({ endedAt, when });
}
