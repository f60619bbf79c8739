import type { DepartureCause, DepartureReason } from './agents/departures.ts';
import type { RestEnd } from './agents/rests.ts';
import type { SkipKind } from './matching/skips.ts';
import type { Channel, LineType } from './notifications/contact.ts';
import type { Expiration } from './onboarding/expirations.ts';
import type { TermsKind } from './onboarding/facts.ts';
import type { OnboardingCause } from './onboarding/standing.ts';
import type { DeclineReason, OfferEnd } from './referrals/offer.ts';
import type { AttemptWay, Outcome, OutcomeReason, ProblemKind, ReferralCause } from './referrals/referral.ts';
import type { OnboardingStage, ReferralStage } from './stages.ts';

/** The parts of an agent's availability. */
export type AvailabilityPart = 'hours' | 'override' | 'absences';

/** Events of an onboarding, each with its data. Instants are ISO 8601 text. No personal data. */
export interface OnboardingEvents {
  /** `retryAt`: when another invitation is sent automatically; absent where none is. */
  'stage-entered': {
    stage: OnboardingStage;
    causes: OnboardingCause[];
    nextChangeAt: string | null;
    retryAt?: string;
  };
  'invitation-issued': { invitationId: string; number: number; expiresAt: string };
  'invitation-requested': Record<string, never>;
  /** Ops actions by their id. The row of the action keeps the words that ops wrote. */
  held: { actionId: string };
  released: { actionId: string };
  noted: { actionId: string };
  /** The agent left, or ops deactivated them. */
  departed: { because: DepartureCause; reason?: DepartureReason };
  /** A person without a session asked for the status; the answer went to the email address in the MLMS profile. */
  'status-requested': Record<string, never>;
  'log-in-reminder-requested': Record<string, never>;
  registered: { invitationId: string };
  'terms-accepted': { kind: TermsKind; version: string };
  /** Names of profile fields, never their values. */
  'profile-changed': { fields: string[] };
  /** The agent skips, or no longer skips, requests in a language (its code) or from an area (three digits of the ZIP). */
  'skip-changed': { kind: SkipKind; value: string; isSkipped: boolean };
  /** The parts of the availability that the agent changed, and the resulting availability. */
  'availability-changed': { parts: AvailabilityPart[]; isAvailable: boolean; until: string | null };
  'phone-code-sent': { expiresAt: string };
  'phone-confirmed': Record<string, never>;
  /** The line type of the phone, looked up after the agent entered it. */
  'phone-checked': { lineType: LineType };
  /** The provider refused a text because of the number (its code), which has to be confirmed again. */
  'phone-refused': { code: string };
  /** The registry was asked for a license that is in no feed. `code` says why there was no answer. */
  'license-looked-up': { endedAs: 'found' | 'none' | 'outage'; code: string | null; nextAt: string | null };
  'reminded-of-invitation': { invitationId: string };
  'reminded-of-terms': { number: number };
  /** Mail to the agent's address bounced, or was reported as spam. `code` is the provider's. */
  'mail-returned': { report: 'bounced' | 'complained'; code: string | null };
  /** `retryAt`: when the agent is invited again automatically; absent in events of earlier releases. */
  'invitation-returned': { invitationId: string; code: string | null; retryAt?: string | null };
  /** No provider accepted the mail in time, so another invitation is issued. */
  'invitation-unsent': { invitationId: string };
  'texts-stopped': { by: 'reply' | 'unclear-reply' | 'provider' };
  'texts-started': Record<string, never>;
  'delay-explained': { causes: OnboardingCause[] };
  'warned-of-expiration': { expirations: Expiration[] };
  'states-changed': { lost: string[]; gained: string[] };
  /** The agent, who left the last offers unseen, is offered referrals again. */
  'rest-ended': { by: RestEnd };
  /** The email address in the MLMS profile changed. */
  'address-changed': Record<string, never>;
}

/** Events of a referral, each with its data. Instants are ISO 8601 text. No personal data. */
export interface ReferralEvents {
  /** `unconfirmed`: the consumer has to enter a code before agents are asked. */
  requested: { language: string; need: string; unconfirmed?: boolean };
  'stage-entered': { stage: ReferralStage; causes: ReferralCause[]; waitingUntil: string | null };
  offered: { offerId: string; npn: string; number: number; expiresAt: string };
  /** An agent who had neither answered nor looked was told again over one channel. */
  'offer-nudged': { offerId: string; npn: string; channel: Channel };
  accepted: { offerId: string; npn: string; contactDueAt: string };
  'outcome-reported': {
    offerId: string;
    npn: string;
    outcome: Outcome;
    reason?: OutcomeReason;
    /** Last day of a deferral. */
    until?: string;
    /** Number of attempts to reach the consumer. */
    attempts?: number;
    /** How the agent tried to reach the consumer. */
    how?: AttemptWay;
    /** By when the agent says that they try again. */
    nextTryAt?: string;
    /** Id of the agent's command, if it had one. */
    reportId?: string;
  };
  'reminded-of-contact': { offerId: string; npn: string };
  /** The consumer said that the agent has called, or has not. */
  'contact-answered': { offerId: string; npn: string; called: boolean };
  'recalled-by-ops': { actionId: string };
  'closing-by-ops': { actionId: string };
  noted: { actionId: string };
  /** Ops read the consumer's contact, with a reason that is on record. */
  'contact-read-by-ops': { actionId: string };
  'contact-confirmed': Record<string, never>;
  'contact-corrected': Record<string, never>;
  'problem-reported': { offerId: string; npn: string; problem: ProblemKind };
  'consent-rescinded': Record<string, never>;
  /** The consent ran out before an agent could help. */
  'consent-expired': Record<string, never>;
  /** The agent left the last offers unseen, and is offered nothing until they say that their hours hold. */
  'rest-began': { offerId: string; npn: string; unseenOffers: number };
  'offer-ended': { offerId: string; npn: string; end: OfferEnd; reason?: DeclineReason | OutcomeReason };
}

export type OnboardingEventKind = keyof OnboardingEvents;
export type ReferralEventKind = keyof ReferralEvents;
