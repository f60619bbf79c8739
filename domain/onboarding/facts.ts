import type { Channel } from '../notifications/contact.ts';
import type { ExpirationFacts } from './expirations.ts';

/** The two documents an agent accepts (guide, Registration 2 and 5), in that order. */
export const termsKinds = ['terms-of-use', 'agents-and-brokers-terms-of-use'] as const;
export type TermsKind = (typeof termsKinds)[number];

/** The latest invitation of an agent, whichever plan year issued it. Its instants were promised when it was issued and never move. */
export interface InvitationFact {
  issuedAt: Date;
  remindAt: Date;
  remindedAt: Date | null;
  expiresAt: Date;
  endedAs: 'registered' | 'expired' | 'replaced' | 'undeliverable' | null;
  /** When the next one goes out by itself: that mail failed, and its address is good. */
  retryAt: Date | null;
  /** It was sent to an address that the MLMS profile no longer has. */
  sentToFormerAddress: boolean;
}

/** What an agent has chosen to be asked for, and over which channels an offer would reach him now. */
export interface Reach {
  states: readonly string[];
  languages: readonly string[];
  channels: readonly Channel[];
}

/** All that is known of one agent's onboarding for one plan year. */
export interface OnboardingFacts extends ExpirationFacts {
  /** When every condition was first met for this plan year; later gaps are a suspension, not a beginning. */
  eligibleAt: Date | null;
  /** When the agent registered, in this or an earlier year. */
  registeredAt: Date | null;
  invitation: InvitationFact | undefined;
  /** Whether a later plan year of this agent is eligible, or not looked at yet: then that one invites. */
  isInvitedByLaterYear: boolean;
  /** When the agent or ops last asked for an invitation. */
  invitationRequestedAt: Date | null;
  /** The version of each document that was in force when the facts were read. */
  termsInForce: Readonly<Record<TermsKind, string>>;
  /** Versions that come into force later. */
  upcomingTerms: readonly { kind: TermsKind; version: string; effectiveAt: Date }[];
  /** The versions the agent has accepted. */
  termsAccepted: readonly { kind: TermsKind; version: string }[];
  /** When the agent is to be reminded of the terms; and how many of these reminders were told. */
  termsRemindAt: readonly Date[];
  termsRemindersSent: number;
  /** When an invitation that has not come by then is late; null while the training is not complete. */
  lateAt: Date | null;
  /** When the agent was told why it is late. */
  lateNotifiedAt: Date | null;
  /** When the registry is asked for a license that no feed knows; null: not at all. */
  licenseLookupAt: Date | null;
  /** When the kind of line of the phone is looked up, which was not possible before; null: nothing to look up. */
  phoneCheckAt: Date | null;
  reach: Reach;
  /** Since when mail to the address of the MLMS profile is known to come back, or its reader complained. */
  emailUndeliverableAt: Date | null;
  leftAt: Date | null;
  heldAt: Date | null;
}
