import type { Actor } from '../stages.ts';

/** An offer's phases: 15 minutes to answer, 60 to call, then to the outcome. Each has its clock. */
export type OfferPhase = 'offered' | 'accepted' | 'contacted';

/** What ends an offer. An offer ends once; the first end claimed wins (rule 2). */
export type OfferEnd =
  | 'declined'
  | 'expired'
  | 'unreachable'
  | 'rescinded'
  | 'silent'
  | 'handed-back'
  | 'wrong-number'
  | 'another-asked'
  | 'withdrawn'
  | 'consent-expired'
  | 'closed-by-ops'
  | 'closed';

interface OfferEndRule {
  /** Who makes it, as a rule; silence, the clock. */
  by: Exclude<Actor, 'ops'>;
  /** What the referral does next. */
  then: 'ask-another' | 'close';
  /** In which phases it can happen. */
  in: readonly OfferPhase[];
}

/**
 * Every end of an offer. An agent who was offered a referral is not asked again for it, whatever the end. Who is
 * told follows: before acceptance nobody, after it whoever did not make the end.
 */
export const offerEndRules: Readonly<Record<OfferEnd, OfferEndRule>> = {
  declined: { by: 'agent', then: 'ask-another', in: ['offered'] },
  expired: { by: 'clock', then: 'ask-another', in: ['offered'] },
  unreachable: { by: 'service', then: 'ask-another', in: ['offered'] },
  rescinded: { by: 'service', then: 'ask-another', in: ['offered', 'accepted', 'contacted'] },
  silent: { by: 'clock', then: 'ask-another', in: ['accepted'] },
  'handed-back': { by: 'agent', then: 'ask-another', in: ['accepted', 'contacted'] },
  'wrong-number': { by: 'agent', then: 'ask-another', in: ['accepted'] },
  'another-asked': { by: 'consumer', then: 'ask-another', in: ['accepted', 'contacted'] },
  withdrawn: { by: 'consumer', then: 'close', in: ['offered', 'accepted', 'contacted'] },
  // after first contact the two talk, and what comes of it is reported
  'consent-expired': { by: 'clock', then: 'close', in: ['offered', 'accepted'] },
  'closed-by-ops': { by: 'service', then: 'close', in: ['offered', 'accepted', 'contacted'] },
  closed: { by: 'agent', then: 'close', in: ['contacted'] },
};

/** What silence means in each phase, when its clock runs out. */
export const endOnTimeout: Readonly<Record<OfferPhase, OfferEnd>> = {
  offered: 'expired',
  accepted: 'silent',
  contacted: 'closed',
};

/** Who hears of an end: whoever of agent and consumer did not make it, nobody while the offer was unanswered. */
export function recipientsOfEnd(by: Actor, phase: OfferPhase): ('agent' | 'consumer')[] {
  if (phase === 'offered') return [];
  return (['agent', 'consumer'] as const).filter((person) => person !== by);
}

/** Why an agent declines: a fixed list that names no language and no origin. */
export const declineReasons = ['too-busy', 'not-my-area', 'conflict-of-interest', 'other'] as const;
export type DeclineReason = (typeof declineReasons)[number];

/** The phase an offer row is in. */
export function offerPhaseOf(offer: { acceptedAt: unknown; contactedAt: unknown }): OfferPhase {
  if (offer.contactedAt) return 'contacted';
  return offer.acceptedAt ? 'accepted' : 'offered';
}
