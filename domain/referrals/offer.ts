import type { Actor } from '../stages.ts';

/** Phases of an offer: 15 minutes to answer, 60 to make contact, then the time to report an outcome. */
export type OfferPhase = 'offered' | 'accepted' | 'contacted';

/** Ends of an offer. An offer ends once; the first end claimed wins (docs/architecture.md, rule 2). */
export type OfferEnd =
  | 'declined'
  | 'expired'
  | 'unreachable'
  | 'rescinded'
  | 'taken'
  | 'silent'
  | 'handed-back'
  | 'wrong-number'
  | 'another-asked'
  | 'withdrawn'
  | 'consent-expired'
  | 'closed-by-ops'
  | 'closed';

interface OfferEndRule {
  /** The party that usually causes it; `clock` for a timeout. */
  by: Exclude<Actor, 'ops'>;
  /** Next action of the referral. */
  then: 'ask-another' | 'close' | 'nothing';
  /** Phases in which it can happen. */
  in: readonly OfferPhase[];
}

/**
 * Rules of every end of an offer. After any end but `taken` the agent is not asked again for this referral.
 * `recipientsOfEnd` says who is notified.
 */
export const offerEndRules: Readonly<Record<OfferEnd, OfferEndRule>> = {
  declined: { by: 'agent', then: 'ask-another', in: ['offered'] },
  expired: { by: 'clock', then: 'ask-another', in: ['offered'] },
  unreachable: { by: 'service', then: 'ask-another', in: ['offered'] },
  rescinded: { by: 'service', then: 'ask-another', in: ['offered', 'accepted', 'contacted'] },
  // another agent, who was asked at the same time, has accepted
  taken: { by: 'service', then: 'nothing', in: ['offered'] },
  silent: { by: 'clock', then: 'ask-another', in: ['accepted'] },
  'handed-back': { by: 'agent', then: 'ask-another', in: ['accepted', 'contacted'] },
  'wrong-number': { by: 'agent', then: 'ask-another', in: ['accepted'] },
  'another-asked': { by: 'consumer', then: 'ask-another', in: ['accepted', 'contacted'] },
  withdrawn: { by: 'consumer', then: 'close', in: ['offered', 'accepted', 'contacted'] },
  // after first contact the offer outlives the consent, so that the agent can still report the outcome
  'consent-expired': { by: 'clock', then: 'close', in: ['offered', 'accepted'] },
  'closed-by-ops': { by: 'service', then: 'close', in: ['offered', 'accepted', 'contacted'] },
  closed: { by: 'agent', then: 'close', in: ['contacted'] },
};

/** Ends after which the agent's place in the order of choosing is as if the offer had not been made. */
export const endsWithoutTurn: readonly OfferEnd[] = ['wrong-number', 'taken'];

/** Ends that close the referral. */
export const closingEnds = (Object.keys(offerEndRules) as OfferEnd[]).filter(
  (end) => offerEndRules[end].then === 'close',
);

/** End of an offer at the deadline of each phase. */
export const endOnTimeout: Readonly<Record<OfferPhase, OfferEnd>> = {
  offered: 'expired',
  accepted: 'silent',
  contacted: 'closed',
};

/** Parties to notify of an end: agent and consumer, except the one who caused it; nobody if the offer was never accepted. */
export function recipientsOfEnd(by: Actor, phase: OfferPhase): ('agent' | 'consumer')[] {
  if (phase === 'offered') return [];
  return (['agent', 'consumer'] as const).filter((person) => person !== by);
}

/** Reasons to decline: a fixed list that mentions neither language nor origin of the consumer. */
export const declineReasons = ['too-busy', 'not-my-area', 'conflict-of-interest', 'other'] as const;
export type DeclineReason = (typeof declineReasons)[number];

/**
 * The last instant at which an offer is still sent to its agent: when a tenth of its window is left, which is 90 seconds of
 * 15 minutes. Who gets it later can hardly answer, and would be blamed for it.
 */
export function offerSentUntil({ offeredAt, expiresAt }: { offeredAt: Date; expiresAt: Date }): Date {
  return new Date(expiresAt.getTime() - (expiresAt.getTime() - offeredAt.getTime()) / 10);
}

/** Phase of an offer row. */
export function offerPhaseOf(offer: { acceptedAt: unknown; contactedAt: unknown }): OfferPhase {
  if (offer.contactedAt) return 'contacted';
  return offer.acceptedAt ? 'accepted' : 'offered';
}
