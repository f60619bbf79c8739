import type { DepartureCause, DepartureReason } from './agents/departures.ts';
import type { LineType } from './notifications/contact.ts';
import type { Expiration } from './onboarding/expirations.ts';
import type { TermsKind } from './onboarding/facts.ts';
import type { OnboardingCause } from './onboarding/standing.ts';
import type { DeclineReason, OfferEnd } from './referrals/offer.ts';
import type { Outcome, OutcomeReason, ProblemKind, ReferralCause } from './referrals/referral.ts';
import type { OnboardingStage, ReferralStage } from './stages.ts';

/** The parts of an agent's availability. */
export type AvailabilityPart = 'hours' | 'override' | 'absences';

/** What happens to an onboarding, with what its event carries. Instants are ISO text; no personal data. */
export interface OnboardingEvents {
  /** `retryAt`: when another invitation goes out by itself; left out where none does. */
  'stage-entered': {
    stage: OnboardingStage;
    causes: OnboardingCause[];
    nextChangeAt: string | null;
    retryAt?: string;
  };
  'invitation-issued': { invitationId: string; number: number; expiresAt: string };
  'invitation-requested': Record<string, never>;
  /** What ops did; the words to it are kept with the act alone. */
  held: { actId: string };
  released: { actId: string };
  noted: { actId: string };
  /** The agent takes part no more, by his own word or ops'. */
  departed: { because: DepartureCause; reason?: DepartureReason };
  /** Somebody asked without an account; the answer went to the MLMS address. */
  'status-asked': Record<string, never>;
  'log-in-reminder-asked': Record<string, never>;
  registered: { invitationId: string };
  'terms-accepted': { kind: TermsKind; version: string };
  /** Names of fields of the profile, never their values. */
  'profile-changed': { fields: string[] };
  /** What the agent said about when he can be asked, and what that comes to now. */
  'availability-changed': { parts: AvailabilityPart[]; isAvailable: boolean; until: string | null };
  'phone-code-sent': { expiresAt: string };
  'phone-confirmed': Record<string, never>;
  /** The kind of line, looked up after the phone was taken. */
  'phone-checked': { lineType: LineType };
  /** The registry was asked for a license that no feed knows; `code` is why there was no answer. */
  'license-looked-up': { endedAs: 'found' | 'none' | 'outage'; code: string | null; nextAt: string | null };
  'reminded-of-link': { invitationId: string };
  'reminded-of-terms': { number: number };
  /** Mail to the agent's address comes back, or was complained about; `code` is the provider's. */
  'mail-returned': { report: 'bounced' | 'complained'; code: string | null };
  /** `retryAt`: when the agent is invited again by itself, ISO text; left out in events of before there was that. */
  'invitation-returned': { invitationId: string; code: string | null; retryAt?: string | null };
  /** No provider took its mail in time; another one is issued. */
  'invitation-unsent': { invitationId: string };
  'texts-stopped': { by: 'reply' | 'unclear-reply' | 'provider' };
  'texts-started': Record<string, never>;
  'lateness-explained': { causes: OnboardingCause[] };
  'warned-of-end': { endings: Expiration[] };
  'states-changed': { lost: string[]; gained: string[] };
  /** The MLMS has another email address; it is not named. */
  'address-changed': Record<string, never>;
}

/** What happens to a referral. */
export interface ReferralEvents {
  /** `unconfirmed`: a code has to be entered before agents are asked. */
  requested: { language: string; need: string; unconfirmed?: boolean };
  'stage-entered': { stage: ReferralStage; causes: ReferralCause[]; waitingUntil: string | null };
  offered: { offerId: string; npn: string; number: number; expiresAt: string };
  accepted: { offerId: string; npn: string; contactDueAt: string };
  'outcome-reported': {
    offerId: string;
    npn: string;
    outcome: Outcome;
    reason?: OutcomeReason;
    /** The last day until which it is put off. */
    until?: string;
    /** How often the agent tried to reach the consumer. */
    attempts?: number;
    /** Which of the agent's commands it was, where one was named. */
    reportId?: string;
  };
  'reminded-of-contact': { offerId: string; npn: string };
  /** The consumer's own word on whether the agent called. */
  'contact-told': { offerId: string; npn: string; called: boolean };
  'recalled-by-ops': { actId: string };
  'closing-by-ops': { actId: string };
  noted: { actId: string };
  'contact-confirmed': Record<string, never>;
  'contact-corrected': Record<string, never>;
  'problem-reported': { offerId: string; npn: string; problem: ProblemKind };
  'consent-rescinded': Record<string, never>;
  /** It has run out before an agent could help. */
  'consent-expired': Record<string, never>;
  'offer-ended': { offerId: string; npn: string; end: OfferEnd; reason?: DeclineReason | OutcomeReason };
}

export type OnboardingEventKind = keyof OnboardingEvents;
export type ReferralEventKind = keyof ReferralEvents;
