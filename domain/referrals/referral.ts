import type { OfferEnd, OfferPhase } from './offer.ts';

/** Needs for which consumers can ask for help. Medicare is not among them: 1-800-MEDICARE serves it. */
export const needs = ['new-coverage', 'renew', 'life-event', 'medicaid-chip'] as const;
export type Need = (typeof needs)[number];

/** Causes for which a queued referral waits or the cascade ended. */
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

/** Outcomes of an accepted referral, as the agent reports them. */
export const outcomes = [
  'contacted',
  'attempted',
  'quoted',
  'deferred',
  'delayed',
  'enrolled',
  'not-a-good-prospect',
  'wrong-number',
  'handed-back',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Reasons that go with some outcomes: fixed lists, no free text. */
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

/** How an agent tried to reach a consumer in vain, as far as they say it; the consumer is told. */
export const attemptWays = ['voicemail', 'no-answer'] as const;
export type AttemptWay = (typeof attemptWays)[number];

/** An agent's report on an accepted referral. */
export interface ReportedOutcome {
  outcome: Outcome;
  reason?: OutcomeReason;
  /** The last day of a deferral, as a calendar date. */
  until?: string;
  attempts?: number;
  /** How the agent tried. */
  how?: AttemptWay;
  /** By when the agent tries again (ISO text). */
  nextTryAt?: string;
  /** Idempotency key of the agent's command, if it has one. */
  reportId?: string;
}

/** The reason with which an agent says how often they tried to reach the consumer. */
export const reasonWithAttempts = 'no-contact-after-attempts' satisfies OutcomeReason;

interface OutcomeRule {
  /** End of the offer by this outcome; without it the referral stays with the agent. */
  ends?: OfferEnd;
  /** Phases of the offer in which it can be reported. */
  in: readonly OfferPhase[];
  /** Reasons of which one must be given. */
  reasons?: readonly [OutcomeReason, ...OutcomeReason[]];
  /** The last day of the deferral must be given. */
  needsUntil?: true;
  /** How the agent tried, and the instant of the next try, may be given. */
  takesNextTry?: true;
}

const rules = {
  contacted: { in: ['accepted'] },
  attempted: { in: ['accepted'], takesNextTry: true },
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
    reasons: [reasonWithAttempts, 'conflict-of-interest', 'language', 'cannot-help'],
  },
} as const satisfies Record<Outcome, OutcomeRule>;

/**
 * Rules of every outcome: its effect, the data that it needs, and the phases in which it is allowed. The API's schema
 * and the portal's form are made from them.
 */
export const outcomeRules: Readonly<Record<Outcome, OutcomeRule>> = rules;

/** Outcomes after first contact that leave the referral with the agent. */
export type InterimOutcome = {
  [O in Outcome]: (typeof rules)[O] extends { ends: OfferEnd }
    ? never
    : Extract<(typeof rules)[O]['in'][number], 'contacted'> extends never
      ? never
      : O;
}[Outcome];

export function isInterim(outcome: Outcome): outcome is InterimOutcome {
  const { ends, in: phases } = outcomeRules[outcome];
  return ends === undefined && phases.includes('contacted');
}

/** Problems with an agent that a consumer can report: a fixed list, no free text. */
export const problemKinds = [
  'not-professional',
  'asked-for-money',
  'enrolled-without-consent',
  'kept-calling',
  'other',
] as const;
export type ProblemKind = (typeof problemKinds)[number];
