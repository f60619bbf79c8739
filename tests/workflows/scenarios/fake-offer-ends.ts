import type { EndedOffer } from '../../../activities/referrals/referral.ts';
import type { Policy } from '../../../domain/policy.ts';
import {
  type OfferEnd,
  offerEndRules,
  offerPhaseOf,
  recipientsOfEnd,
} from '../../../domain/referrals/offer.ts';
import type { Actor } from '../../../domain/stages.ts';
import type { FakeDelivery } from './fake-delivery.ts';
import { later, offerOf, type ReferralCase } from './referral-case.ts';

/** Creates the end of an offer in memory: the first one wins, and says who is told. */
export function createFakeEnd({ policy, delivery }: { policy: Policy; delivery: FakeDelivery }) {
  return endOffer;

  function endOffer(
    about: ReferralCase,
    { offerId, end, by, at }: { offerId: string; end: OfferEnd; by: Actor; at: Date },
  ): EndedOffer {
    const offer = offerOf(about, offerId);
    if (offer.end === undefined) {
      if (!offerEndRules[end].in.includes(offerPhaseOf(offer))) return {};
      const sent = delivery.sentBy(about.workflowId);
      const reached =
        offer.isSeen || sent.some(({ kind, to }) => kind.startsWith('offer') && to === offer.npn);
      offer.end = end === 'expired' && !reached ? 'unreachable' : end;
      offer.endedAt = at;
      offer.endedBy = by;
      const recipients = recipientsOfEnd(by, offerPhaseOf(offer));
      if (recipients.includes('agent')) {
        const channels = about.agentChannels;
        delivery.write({ owner: about.workflowId, kind: 'offer-over', to: offer.npn, channels });
      }
      if (recipients.includes('consumer'))
        delivery.write({
          owner: about.workflowId,
          kind: toConsumer(offer.end),
          to: 'consumer',
          channels: ['email'],
        });
      if (offerEndRules[offer.end].then === 'ask-another' && offer.acceptedAt)
        restartSearch(about, offer.end, at);
    }
    return { end: offer.end, endedAt: (offer.endedAt ?? at).toISOString() };
  }

  function restartSearch(about: ReferralCase, end: OfferEnd, at: Date): void {
    about.contactWrong = end === 'wrong-number';
    about.budgetEndsAt = later(
      at,
      about.contactWrong ? policy.contactCorrectionWindowMs : policy.referralBudgetMs,
    );
  }
}

function toConsumer(end: OfferEnd) {
  if (end === 'wrong-number') return 'contact-wrong';
  return offerEndRules[end].then === 'close' ? 'closed' : 'agent-gone';
}
