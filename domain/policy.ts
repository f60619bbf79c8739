import type { OfferOverlap } from './referrals/overlap.ts';
import type { Period } from './time/marketplace-calendar.ts';
import type { OpenHours, ServiceCalendar } from './time/service-calendar.ts';

/**
 * Limits and windows of the service.
 *
 * The values come from the environment (`runtime/settings.ts`), and where it has none from `defaultPolicy`. A stored
 * instant (a deadline, a reminder) is computed from the policy once, and its row keeps `version`. A changed policy
 * affects later rows only (docs/architecture.md, rule 8).
 */
export interface Policy {
  /** Short hash of the values below, stored on each row whose instants were computed from them. */
  version: string;
  /** Lifetime of an invitation's link: 48 hours (docs/guide.md, step 1). */
  invitationTtlMs: number;
  /** Time before the expiry at which the agent is reminded of an unused invitation. */
  invitationReminderBeforeMs: number;
  /**
   * Times after which an agent is invited again when the mail failed although the address is good, such as with a full
   * mailbox: one entry for each failure. After the last one there is no automatic retry.
   */
  invitationRetryAfterMs: readonly number[];
  /** Time after the completed training until a missing invitation counts as late: two business days. */
  invitationLateAfter: Period;
  /** Times after registration at which an agent is reminded to accept both sets of terms. */
  termsReminderAfterMs: readonly number[];
  /** Times before the end of a registration or a license at which the agent is warned. */
  endWarningBeforeMs: readonly number[];
  /** Time to answer an offer: 15 minutes. */
  offerWindowMs: number;
  /**
   * Parts of that time after which an agent who has neither answered nor looked is told again, ascending, 0 to 1; empty:
   * never.
   */
  offerNudges: readonly number[];
  /** When more agents are asked beside one who has not answered; null: one agent at a time. */
  offerOverlap: OfferOverlap | null;
  /** Time to make contact with the consumer after accepting: 60 minutes. */
  followUpWindowMs: number;
  /**
   * Attempts to reach the consumer that make a full effort: after as many an agent may hand the referral back for lack of
   * contact, and no further one gives more time.
   */
  minContactAttempts: number;
  /** Time that a consumer has to correct a wrong number or address. */
  contactCorrectionWindowMs: number;
  /** Longest time for which an agent can defer a referral. */
  maxDeferralMs: number;
  /** Time after first contact until a referral without an outcome closes automatically. */
  outcomeWindowMs: number;
  /** Time to find an agent, counted from the request, before the referral ends as `unmatched`. */
  referralBudgetMs: number;
  /** Largest number of offers of one referral. */
  maxOffersPerReferral: number;
  /** Times at which the service looks for agents, in the consumer's time zone. */
  serviceCalendar: ServiceCalendar;
  /**
   * Times at which consumers are texted, in their time zone; empty: at any time. Some states begin later. Agents are not
   * nudged at other times of their own zone.
   */
  textHours: readonly OpenHours[];
  /** True when a consumer must confirm the phone or email address with a code before agents are asked. */
  confirmConsumerContact: boolean;
  /** Time until an unconfirmed request is deleted. */
  unconfirmedTtlMs: number;
  /** Time after the end of a referral until its consumer is erased. */
  contactKeptAfterEndMs: number;
  /** Time after an agent's last onboarding ended until their personal data are erased. */
  agentKeptAfterEndMs: number;
  /** Time until a referral that found no agent looks again without being woken. */
  recheckAfterMs: number;
  /** Largest number of unanswered offers of one agent. */
  openOffersPerAgent: number;
  /** Largest number of one agent's referrals without first contact, unanswered offers included. */
  uncontactedReferralsPerAgent: number;
  /** Number of offers in a row left unseen after which an agent rests until they say that their hours hold; 0: nobody rests. */
  restAfterUnseen: number;
  /** Distance in miles up to which an agent counts as near. */
  nearMiles: number;
  /** Distance in miles up to which an agent is asked before others in the state. */
  fartherMiles: number;
  /** Requests in one language or area that an agent declines in a row before they can skip them. */
  suggestFilterAfter: number;
  /** Times until a failed phone lookup is repeated: one entry for each failure; the last one repeats. */
  phoneCheckAfterMs: readonly number[];
  /**
   * Times until the registry is asked again for a license that is in no feed: one entry for each lookup; the last one
   * repeats. Empty where there is no registry: then nothing is looked up.
   */
  licenseLookupAfterMs: readonly number[];
  /** Lifetime of the link to a new password. */
  passwordResetTtlMs: number;
  /** Lifetime of a code that confirms a phone. */
  phoneCodeTtlMs: number;
  /** Wrong entries after which such a code is void. */
  phoneCodeTries: number;
  /** True when an agent's phone gets texts only after the agent confirmed it with a code. */
  requireConfirmedPhone: boolean;
  /** Largest share of a feed's rows that one release may remove, 0 to 1. */
  maxRemovedShare: number;
  /** Largest share of bad rows in a release, and of stored rows that bad ones refer to, 0 to 1. */
  maxBadShare: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The policy of a service whose environment says nothing: the values of the guide, or CMS practice where the guide says
 * nothing. Lists of durations are ascending. The version on the rows is a hash of the values in this order.
 */
export const defaultPolicy: Omit<Policy, 'version'> = {
  invitationTtlMs: 48 * hour,
  invitationReminderBeforeMs: 12 * hour,
  invitationRetryAfterMs: [4 * hour, day, 3 * day],
  invitationLateAfter: { businessDays: 2 },
  termsReminderAfterMs: [day, 3 * day, 7 * day],
  endWarningBeforeMs: [7 * day, 30 * day, 60 * day],
  offerWindowMs: 15 * minute,
  offerNudges: [1 / 3, 2 / 3],
  offerOverlap: null,
  followUpWindowMs: 60 * minute,
  minContactAttempts: 3,
  contactCorrectionWindowMs: 3 * day,
  maxDeferralMs: 120 * day,
  outcomeWindowMs: 30 * day,
  referralBudgetMs: 4 * hour,
  maxOffersPerReferral: 20,
  serviceCalendar: { hours: [], closedSeasons: [] },
  textHours: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 8 * 60, untilMinute: 20 * 60 }],
  confirmConsumerContact: true,
  unconfirmedTtlMs: hour,
  contactKeptAfterEndMs: 90 * day,
  agentKeptAfterEndMs: 365 * day,
  recheckAfterMs: hour,
  openOffersPerAgent: 1,
  uncontactedReferralsPerAgent: 3,
  restAfterUnseen: 3,
  nearMiles: 25,
  fartherMiles: 100,
  suggestFilterAfter: 9,
  phoneCheckAfterMs: [15 * minute, hour, 6 * hour, day],
  licenseLookupAfterMs: [hour, 4 * hour, 12 * hour, day, 2 * day],
  passwordResetTtlMs: 15 * minute,
  phoneCodeTtlMs: 10 * minute,
  phoneCodeTries: 5,
  requireConfirmedPhone: true,
  maxRemovedShare: 0.1,
  maxBadShare: 0.5,
};
