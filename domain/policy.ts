import type { Period } from './time/marketplace-calendar.ts';
import type { OpenHours, ServiceCalendar } from './time/service-calendar.ts';

/**
 * Every limit and window of the service. The values come from the environment (`runtime/settings.ts`); the
 * defaults are the guide's, or CMS practice where the guide is silent. Policy is read where a promise's instant
 * is computed, and `version` is kept on that row: a changed policy holds for the next promise, never for one made.
 */
export interface Policy {
  /** Short hash of all values below, kept on the rows whose instants were computed with it. */
  version: string;
  /** How long an invitation's link lives: 48 hours (guide, Registration 1). */
  invitationTtlMs: number;
  /** How long before its expiry an unused invitation is mentioned once more. */
  invitationReminderBeforeMs: number;
  /**
   * When an agent is invited again whose invitation failed although the address is good, such as with a full mailbox:
   * after the first failure, the second and so on; then not by itself any more.
   */
  invitationRetryAfterMs: readonly number[];
  /** How long after the training is complete an invitation that has not come is late: two business days. */
  invitationLateAfter: Period;
  /** When an agent who has not accepted both sets of terms is reminded, counted from registration. */
  termsReminderAfterMs: readonly number[];
  /** How long before a registration or a license ends the agent is warned. */
  endWarningBeforeMs: readonly number[];
  /** How long an agent has to answer an offer: 15 minutes. */
  offerWindowMs: number;
  /** How long after accepting an agent has to reach the consumer: 60 minutes. */
  followUpWindowMs: number;
  /** How many times an agent tries to reach a consumer before handing the referral back for it. */
  minContactAttempts: number;
  /** How long a referral whose number is wrong waits for the consumer to correct it. */
  contactCorrectionWindowMs: number;
  /** How far ahead an agent can put a referral off. */
  maxDeferralMs: number;
  /** How long after first contact an outcome is waited for before the referral closes by itself. */
  outcomeWindowMs: number;
  /** How long a referral looks for an agent, from the request, before it ends as `unmatched`. */
  referralBudgetMs: number;
  /** How many agents one referral is offered to at the most. */
  maxOffersPerReferral: number;
  /** When the service looks for agents, on the clock of the consumer's place. */
  serviceCalendar: ServiceCalendar;
  /** When consumers are texted, on the clock of their place; none: at any time. Some states begin later. */
  textHours: readonly OpenHours[];
  /** Whether a consumer confirms the phone or the email address with a code before agents are asked. */
  confirmConsumerContact: boolean;
  /** How long a request waits for its code before it is deleted. */
  unconfirmedTtlMs: number;
  /** How soon a referral that found nobody looks again when nothing wakes it. */
  recheckAfterMs: number;
  /** How many unanswered offers an agent holds at a time. */
  openOffersPerAgent: number;
  /** How many referrals without first contact an agent holds at a time, those among them that he has yet to accept. */
  uncontactedReferralsPerAgent: number;
  /** Up to this distance in miles an agent counts as near. */
  nearMiles: number;
  /** Up to this distance in miles an agent is asked before others of the state. */
  fartherMiles: number;
  /** When a phone whose line could not be looked up is looked up again: after each failure the next, then the last. */
  phoneCheckAfterMs: readonly number[];
  /**
   * When the registry is asked again for a license that no feed knows: after each look the next, then the last again
   * and again. Empty where there is no registry to ask: then nothing is looked up.
   */
  licenseLookupAfterMs: readonly number[];
  /** How long a code that confirms a phone is valid, and how many wrong ones are taken in its place. */
  phoneCodeTtlMs: number;
  phoneCodeTries: number;
  /** Whether a phone gets texts only once its agent has confirmed it with a code. */
  requireConfirmedPhone: boolean;
  /** The largest share of a feed's rows that one release may remove, 0 to 1. */
  maxRemovedShare: number;
  /** The largest share of a release's rows that may be bad, and of the rows there are that bad ones stand for, 0 to 1. */
  maxBadShare: number;
}
