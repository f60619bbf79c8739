import type { OfferEnd, OfferPhase } from './offer.ts';

/** What a consumer needs help with. Medicare is somebody else's: 1-800-MEDICARE. */
export const needs = ['new-coverage', 'renew', 'life-event', 'medicaid-chip'] as const;
export type Need = (typeof needs)[number];

/** Why a queued referral waits, or a closed cascade ended. */
export const referralCauses = [
  'nobody-available',
  'everyone-asked',
  'contact-wrong',
  'outside-hours',
  'never-open',
  'budget-spent',
  'consent-expired',
] as const;
export type ReferralCause = (typeof referralCauses)[number];

/** What an accepted referral can come to, as the agent reports it. */
export const outcomes = [
  'contacted',
  'quoted',
  'deferred',
  'delayed',
  'enrolled',
  'not-a-good-prospect',
  'wrong-number',
  'handed-back',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What stays with the agent after first contact. */
export type InterimOutcome = Extract<Outcome, 'quoted' | 'deferred' | 'delayed'>;

/** Reasons an agent gives with an outcome that needs one: fixed lists, no free text. */
export const outcomeReasons = [
  'waiting-for-documents',
  'undecided',
  'not-eligible-for-coverage',
  'has-other-coverage',
  'no-longer-interested',
  'no-contact-after-attempts',
  'conflict-of-interest',
  'language',
  'cannot-help',
] as const;
export type OutcomeReason = (typeof outcomeReasons)[number];

interface OutcomeRule {
  /** Ends the offer this way; without it the referral stays with the agent. */
  ends?: OfferEnd;
  /** In which phases of the offer it can be reported. */
  in: readonly OfferPhase[];
  /** One of these goes with it. */
  reasons?: readonly [OutcomeReason, ...OutcomeReason[]];
  /** The day until which it is put off goes with it. */
  needsUntil?: true;
}

/** Each outcome, what it does, what goes with it and when it is allowed. */
export const outcomeRules: Readonly<Record<Outcome, OutcomeRule>> = {
  contacted: { in: ['accepted'] },
  quoted: { in: ['contacted'] },
  deferred: { in: ['contacted'], needsUntil: true },
  delayed: { in: ['contacted'], reasons: ['waiting-for-documents', 'undecided'] },
  enrolled: { ends: 'closed', in: ['contacted'] },
  'not-a-good-prospect': {
    ends: 'closed',
    in: ['contacted'],
    reasons: ['not-eligible-for-coverage', 'has-other-coverage', 'no-longer-interested'],
  },
  'wrong-number': { ends: 'wrong-number', in: ['accepted'] },
  'handed-back': {
    ends: 'handed-back',
    in: ['accepted', 'contacted'],
    reasons: ['no-contact-after-attempts', 'conflict-of-interest', 'language', 'cannot-help'],
  },
};

/** What a consumer can report of an agent: a fixed list, no free text. */
export const problemKinds = [
  'not-professional',
  'asked-for-money',
  'enrolled-without-consent',
  'kept-calling',
  'other',
] as const;
export type ProblemKind = (typeof problemKinds)[number];
