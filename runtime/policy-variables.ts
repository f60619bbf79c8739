import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import {
  distance,
  duration,
  durations,
  type Kind,
  overlap,
  parts,
  period,
  readOr,
  seasons,
  share,
  toggle,
  variable,
  weeklyHours,
  wholeNumber,
} from './variable-kinds.ts';

/** A variable that sets a member of the policy. If it is not set, the member has its default. */
function limit<Member extends keyof typeof defaultPolicy>(
  member: Member,
  kind: Kind<(typeof defaultPolicy)[Member]>,
  about: string,
  example: string,
) {
  return { ...variable(readOr(kind, defaultPolicy[member]), about, example), member };
}

/** Variables of the policy: every limit and window, each with its unit. */
export const policyVariables = {
  INVITATION_TTL: limit('invitationTtlMs', duration, "how long an invitation's link is valid", '48 hours'),
  INVITATION_REMINDER_BEFORE: limit(
    'invitationReminderBeforeMs',
    duration,
    'how long before its expiration the agent is reminded of an unused invitation',
    '12 hours',
  ),
  INVITATION_RETRY_AFTER: limit(
    'invitationRetryAfterMs',
    durations,
    'when an agent is invited again after an invitation failed at a good address: one duration for each failure; none for never',
    '4 hours, 1 day, 3 days',
  ),
  INVITATION_LATE_AFTER: limit(
    'invitationLateAfter',
    period,
    'how long after training an agent without an invitation gets an explanation',
    '2 business days',
  ),
  END_WARNINGS: limit(
    'endWarningBeforeMs',
    durations,
    'how long before a registration or a license expires the agent is warned',
    '60 days, 30 days, 7 days',
  ),
  TERMS_REMINDERS: limit(
    'termsReminderAfterMs',
    durations,
    'when after registration an agent is reminded of the terms',
    '1 day, 3 days, 7 days',
  ),
  OFFER_WINDOW: limit('offerWindowMs', duration, 'how long an agent has to answer an offer', '15 minutes'),
  OFFER_NUDGES: limit(
    'offerNudges',
    parts,
    'after which parts of that time an agent who has neither answered nor looked is told again; off for never',
    '1/3, 2/3',
  ),
  OFFER_OVERLAP: limit(
    'offerOverlap',
    overlap,
    'when more agents are asked beside one who has not answered, and how many at once; none for one agent at a time',
    '4 minutes, 2 at once, 3 in the last hour of the budget',
  ),
  FOLLOW_UP_WINDOW: limit(
    'followUpWindowMs',
    duration,
    'how long after accepting an agent has to reach the consumer',
    '60 minutes',
  ),
  MIN_CONTACT_ATTEMPTS: limit(
    'minContactAttempts',
    wholeNumber(1, 20),
    'how many times an agent tries to reach a consumer: each of these tries gives more time, and after them the referral can be returned as not reached',
    '3',
  ),
  CONTACT_CORRECTION_WINDOW: limit(
    'contactCorrectionWindowMs',
    duration,
    'how long a referral whose number is wrong waits for the consumer to correct it',
    '3 days',
  ),
  MAX_DEFERRAL: limit(
    'maxDeferralMs',
    duration,
    'how far ahead an agent can postpone a referral',
    '120 days',
  ),
  OUTCOME_WINDOW: limit(
    'outcomeWindowMs',
    duration,
    'how long after first contact the service waits for an outcome',
    '30 days',
  ),
  REFERRAL_BUDGET: limit('referralBudgetMs', duration, 'how long a referral looks for an agent', '4 hours'),
  MAX_OFFERS_PER_REFERRAL: limit(
    'maxOffersPerReferral',
    wholeNumber(1, 500),
    'how many agents one referral is offered to',
    '20',
  ),
  SERVICE_HOURS: variable(
    readOr(weeklyHours, defaultPolicy.serviceCalendar.hours),
    "when agents are looked for, in the consumer's time zone",
    'Mon-Fri 8:00-20:00, Sat-Sun 10:00-18:00',
  ),
  CLOSED_SEASONS: variable(
    readOr(seasons, defaultPolicy.serviceCalendar.closedSeasons),
    'days on which no agents are looked for, including the first and the last',
    '2026-12-16 to 2027-01-04',
  ),
  TEXT_HOURS: limit(
    'textHours',
    weeklyHours,
    'when consumers are texted, in their time zone; some states begin later',
    'Mon-Sun 8:00-20:00',
  ),
  CONFIRM_CONSUMER_CONTACT: limit(
    'confirmConsumerContact',
    toggle,
    'whether a consumer must confirm the phone or email address with a code before agents are asked',
    'on',
  ),
  UNCONFIRMED_TTL: limit(
    'unconfirmedTtlMs',
    duration,
    'how long a request waits to be confirmed before it is deleted',
    '1 hour',
  ),
  CONTACT_KEPT_AFTER_END: limit(
    'contactKeptAfterEndMs',
    duration,
    'how long after a referral ended the name and contact of its consumer are kept',
    '90 days',
  ),
  AGENT_KEPT_AFTER_END: limit(
    'agentKeptAfterEndMs',
    duration,
    "how long after an agent's last onboarding ended their account and personal data are kept",
    '365 days',
  ),
  RECHECK_AFTER: limit(
    'recheckAfterMs',
    duration,
    'how soon a referral that found no agent looks again, if nothing wakes it earlier',
    '1 hour',
  ),
  OPEN_OFFERS_PER_AGENT: limit(
    'openOffersPerAgent',
    wholeNumber(1, 100),
    'how many unanswered offers an agent may have',
    '1',
  ),
  UNCONTACTED_REFERRALS_PER_AGENT: limit(
    'uncontactedReferralsPerAgent',
    wholeNumber(1, 100),
    'how many accepted referrals without first contact an agent may have',
    '3',
  ),
  REST_AFTER_UNSEEN: limit(
    'restAfterUnseen',
    wholeNumber(0, 20),
    'after how many offers in a row that were left unseen an agent is asked whether the hours hold, and rests until the answer; 0 for never',
    '3',
  ),
  NEAR_DISTANCE: limit(
    'nearMiles',
    distance,
    'the distance within which an agent counts as near',
    '25 miles',
  ),
  FARTHER_DISTANCE: limit(
    'fartherMiles',
    distance,
    'the distance within which agents are asked before others of the state, if no near agent is available',
    '100 miles',
  ),
  SUGGEST_FILTER_AFTER: limit(
    'suggestFilterAfter',
    wholeNumber(1, 100),
    'how many requests in one language or area an agent declines in a row before they can skip them',
    '9',
  ),
  PHONE_CHECK_AFTER: limit(
    'phoneCheckAfterMs',
    durations,
    'when the line type of a phone is looked up again after the lookup failed',
    '15 minutes, 1 hour, 6 hours, 1 day',
  ),
  LICENSE_LOOKUP_AFTER: limit(
    'licenseLookupAfterMs',
    durations,
    'when the licenses of an agent are looked up again while no feed has any',
    '1 hour, 4 hours, 12 hours, 1 day, 2 days',
  ),
  PASSWORD_RESET_TTL: limit(
    'passwordResetTtlMs',
    duration,
    'how long the link to a new password is valid',
    '15 minutes',
  ),
  PHONE_CODE_TTL: limit(
    'phoneCodeTtlMs',
    duration,
    'how long a code that confirms a phone is valid',
    '10 minutes',
  ),
  PHONE_CODE_TRIES: limit('phoneCodeTries', wholeNumber(1, 20), 'how many wrong entries a code allows', '5'),
  REQUIRE_CONFIRMED_PHONE: limit(
    'requireConfirmedPhone',
    toggle,
    'whether an agent gets texts only on a phone that was confirmed with a code',
    'on',
  ),
  MAX_REMOVED_SHARE: limit(
    'maxRemovedShare',
    share,
    "the largest share of a feed's rows that one release may remove",
    '10 %',
  ),
  MAX_BAD_SHARE: limit('maxBadShare', share, "the largest share of a release's rows that may be bad", '50 %'),
};

/** Names of the policy variables. */
export const policyVariableNames = Object.keys(policyVariables) as (keyof typeof policyVariables)[];

type PolicyValues = {
  [Name in keyof typeof policyVariables]: z.output<(typeof policyVariables)[Name]['schema']>;
};

/** Makes the policy from the values of its variables. Its version is a hash of all its values. */
export function readPolicy(values: PolicyValues & { NIPR_URL?: string | undefined }): Policy {
  const limits: typeof defaultPolicy = {
    ...defaultPolicy,
    ...Object.fromEntries(
      policyVariableNames.flatMap((name) => {
        const about = policyVariables[name];
        return 'member' in about ? [[about.member, values[name]]] : [];
      }),
    ),
    serviceCalendar: { hours: values.SERVICE_HOURS, closedSeasons: values.CLOSED_SEASONS },
    // without a registry there is nothing to ask
    ...(values.NIPR_URL ? {} : { licenseLookupAfterMs: [] }),
  };
  const version = createHash('sha256').update(JSON.stringify(limits)).digest('hex').slice(0, 12);
  return { version, ...limits };
}
