import type { OfferEnd } from '../../../../../domain/referrals/offer.ts';
import type { TimeContext } from '../../../../../domain/text/locale-format.ts';
import type { Sentences } from '../../../../../domain/text/sentences.ts';
import type { ApiProblem } from '../../../api/problem.ts';

/**
 * What happened to an offer, told to an agent whose answer came too late; undefined when the answer failed for
 * another reason. Where only the instant is known, the time to answer was over.
 */
export function lateAnswerText(
  problem: ApiProblem,
  sentences: Sentences,
  when: TimeContext,
): string | undefined {
  if (problem.kind !== 'offer-ended' && problem.kind !== 'referral-ended') return undefined;
  const { at: endedAt } = problem;
  if (!endedAt) return problem.message;
  return (
    endText(problem.members['end'], endedAt, sentences, when) ??
    sentences.offerEnd.expired.agent({ endedAt, when })
  );
}

/** An end in the catalog's words to the agent; undefined for one that the catalog does not know. */
export function endText(
  end: unknown,
  endedAt: Date,
  sentences: Sentences,
  when: TimeContext,
): string | undefined {
  if (typeof end !== 'string' || !Object.hasOwn(sentences.offerEnd, end)) return undefined;
  return sentences.offerEnd[end as OfferEnd].agent({ endedAt, when });
}
