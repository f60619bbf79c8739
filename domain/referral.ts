import type { OfferEnd, OfferPhase } from './offer.ts';

/** What a consumer needs help with. Medicare is somebody else's: 1-800-MEDICARE. */
export const needs = ['new-coverage', 'renew', 'life-event', 'medicaid-chip'] as const;
export type Need = (typeof needs)[number];

/** Why a queued referral waits, or a closed cascade ended. */
export type ReferralCause = 'nobody-available' | 'everyone-asked' | 'budget-spent';

/** What an accepted referral can come to, as the agent reports it. */
export const outcomes = ['contacted', 'quoted', 'enrolled', 'not-a-good-prospect', 'handed-back'] as const;
export type Outcome = (typeof outcomes)[number];

interface OutcomeRule {
  /** Ends the offer this way; without it the referral stays with the agent. */
  ends?: OfferEnd;
  /** In which phases of the offer it can be reported. */
  in: readonly OfferPhase[];
  needsReason: boolean;
}

/** Each outcome, what it does and when it is allowed. */
export const outcomeRules: Readonly<Record<Outcome, OutcomeRule>> = {
  contacted: { in: ['accepted'], needsReason: false },
  quoted: { in: ['contacted'], needsReason: false },
  enrolled: { ends: 'closed', in: ['contacted'], needsReason: false },
  'not-a-good-prospect': { ends: 'closed', in: ['contacted'], needsReason: true },
  'handed-back': { ends: 'handed-back', in: ['accepted', 'contacted'], needsReason: true },
};

/** Reasons an agent gives with an outcome that needs one: a fixed list, no free text. */
export const outcomeReasons = [
  'not-eligible-for-coverage',
  'has-other-coverage',
  'no-longer-interested',
  'no-contact-after-attempts',
  'conflict-of-interest',
  'cannot-help',
] as const;
export type OutcomeReason = (typeof outcomeReasons)[number];
