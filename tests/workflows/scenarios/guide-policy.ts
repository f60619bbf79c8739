import type { Policy } from '../../../domain/policy.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Policy with the guide's own windows, at their real lengths. */
export const guidePolicy: Policy = {
  version: 'guide',
  invitationTtlMs: 48 * hourMs,
  invitationReminderBeforeMs: 12 * hourMs,
  invitationRetryAfterMs: [4 * hourMs, 24 * hourMs],
  invitationLateAfter: { businessDays: 2 },
  endWarningBeforeMs: [60 * dayMs, 30 * dayMs, 7 * dayMs],
  termsReminderAfterMs: [dayMs, 3 * dayMs, 7 * dayMs],
  offerWindowMs: 15 * minuteMs,
  minContactAttempts: 3,
  contactCorrectionWindowMs: 3 * dayMs,
  maxDeferralMs: 120 * dayMs,
  followUpWindowMs: 60 * minuteMs,
  outcomeWindowMs: 30 * dayMs,
  referralBudgetMs: 4 * hourMs,
  maxOffersPerReferral: 20,
  serviceCalendar: { hours: [], closedSeasons: [] },
  textHours: [],
  confirmConsumerContact: true,
  unconfirmedTtlMs: hourMs,
  recheckAfterMs: hourMs,
  openOffersPerAgent: 1,
  uncontactedReferralsPerAgent: 3,
  nearMiles: 25,
  fartherMiles: 100,
  maxRemovedShare: 0.1,
  maxBadShare: 0.5,
  phoneCheckAfterMs: [15 * minuteMs, hourMs, 6 * hourMs, dayMs],
  licenseLookupAfterMs: [hourMs, 4 * hourMs, 12 * hourMs, dayMs, 2 * dayMs],
  phoneCodeTtlMs: 10 * minuteMs,
  phoneCodeTries: 5,
  requireConfirmedPhone: true,
};

/** Adds a duration to an instant. */
export function addTime(at: Date, { days = 0, hours = 0, minutes = 0, seconds = 0 }): Date {
  return new Date(at.getTime() + days * dayMs + hours * hourMs + minutes * minuteMs + seconds * 1000);
}
