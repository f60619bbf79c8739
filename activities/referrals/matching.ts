import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import { type OfferPhase, offerPhaseOf } from '../../domain/referrals/offer.ts';
import type { Outcome } from '../../domain/referrals/referral.ts';
import type { AnnouncedOffer, OfferedMatch } from '../../store/referrals/matching/ask-agent.ts';
import type { MatchResult } from '../../store/referrals/matching/matching.ts';
import type { OfferRow } from '../../store/referrals/offers/offers.ts';

/** A reserved offer with its notice. A notice without channels reaches nobody. */
export interface ReservedOffer {
  offerId: string;
  npn: string;
  number: number;
  expiresAt: string;
  notice: NoticeToSend;
  /** When the agent is told again, if they have neither answered nor looked; absent: not again. */
  nudgeAt?: string;
  /** Set if the agent has accepted already: the workflow failed and was restarted. */
  accepted?: AcceptedPhase;
}

interface AcceptedPhase {
  phase: Exclude<OfferPhase, 'offered'>;
  deadlineAt: string;
  remindAt: string | undefined;
  /** The last outcome that the agent reported. */
  outcome: Outcome | undefined;
}

/** Result of a match, as the workflow knows it. Instants are ISO text. */
export type Match =
  /** `offer` was made last, `beside` are the other open ones; at `askAnotherAt` one more agent may be asked. */
  | { found: 'offer'; offer: ReservedOffer; beside?: ReservedOffer[]; askAnotherAt?: string }
  | { found: 'not-now'; recheckAt: string }
  | Extract<MatchResult, { found: 'over' }>;

export function toMatch(result: MatchResult): Match {
  switch (result.found) {
    case 'offer':
      return toOffers(result);
    case 'not-now':
      return { found: 'not-now', recheckAt: result.recheckAt.toISOString() };
    case 'over':
      return result;
  }
}

function toOffers({ beside, askAnotherAt, ...offered }: OfferedMatch): Match {
  return {
    found: 'offer',
    offer: toReservedOffer(offered),
    ...(beside.length > 0 ? { beside: beside.map(toReservedOffer) } : {}),
    ...(askAnotherAt ? { askAnotherAt: askAnotherAt.toISOString() } : {}),
  };
}

function toReservedOffer({ offer, notice }: AnnouncedOffer): ReservedOffer {
  const { id: offerId, npn, number, expiresAt } = offer;
  const [nudgeAt] = offer.nudgeAt;
  const accepted = acceptedPhase(offer);
  return {
    offerId,
    npn,
    number,
    expiresAt: expiresAt.toISOString(),
    notice,
    ...(nudgeAt ? { nudgeAt: nudgeAt.toISOString() } : {}),
    ...(accepted ? { accepted } : {}),
  };
}

/** Phase and deadlines of an accepted offer; undefined while it is unanswered. */
function acceptedPhase(offer: OfferRow): AcceptedPhase | undefined {
  const phase = offerPhaseOf(offer);
  if (phase === 'offered') return undefined;
  const deadlineAt = (phase === 'contacted' ? offer.closesAt : offer.contactDueAt) ?? offer.expiresAt;
  return {
    phase,
    deadlineAt: deadlineAt.toISOString(),
    remindAt: phase === 'accepted' ? offer.contactRemindAt?.toISOString() : undefined,
    outcome: phase === 'contacted' ? (offer.milestone ?? 'contacted') : undefined,
  };
}
