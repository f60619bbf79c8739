import type { DeclineReason, OfferEnd } from './offer.ts';
import type { Outcome, OutcomeReason, ReferralCause } from './referral.ts';
import type { OnboardingStage, ReferralStage } from './stages.ts';
import type { OnboardingCause, TermsKind } from './standing.ts';

/** What happens to an onboarding, with what its event carries. Instants are ISO text; no personal data. */
export interface OnboardingEvents {
  'stage-entered': { stage: OnboardingStage; causes: OnboardingCause[]; nextChangeAt: string | null };
  'invitation-issued': { invitationId: string; number: number; expiresAt: string };
  'invitation-requested': { reason?: string };
  registered: { invitationId: string };
  'terms-accepted': { kind: TermsKind; version: string };
  /** Names of fields of the profile, never their values. */
  'profile-changed': { fields: string[] };
  'reminded-of-link': { invitationId: string };
  'reminded-of-terms': { number: number };
}

/** What happens to a referral. */
export interface ReferralEvents {
  requested: { language: string; need: string };
  'stage-entered': { stage: ReferralStage; causes: ReferralCause[]; waitingUntil: string | null };
  offered: { offerId: string; npn: string; number: number; expiresAt: string };
  accepted: { offerId: string; npn: string; contactDueAt: string };
  'outcome-reported': { offerId: string; npn: string; outcome: Outcome; reason?: OutcomeReason };
  'offer-ended': { offerId: string; npn: string; end: OfferEnd; reason?: DeclineReason | OutcomeReason };
}

export type OnboardingEventKind = keyof OnboardingEvents;
export type ReferralEventKind = keyof ReferralEvents;
