import type { Channel } from '../notifications/contact.ts';
import type { ExpirationFacts } from './expirations.ts';
import type { InvitationState } from './invitation.ts';

/** The two documents an agent accepts (docs/guide.md, steps 2 and 5), in that order. */
export const termsKinds = ['terms-of-use', 'agents-and-brokers-terms-of-use'] as const;
export type TermsKind = (typeof termsKinds)[number];

/** The agent's latest invitation, of any plan year. Its instants are set when it is issued and never move. */
export interface InvitationFact extends InvitationState {
  issuedAt: Date;
  remindAt: Date;
  remindedAt: Date | null;
  /** When the next invitation is sent automatically, because this mail failed at a good address; else null. */
  retryAt: Date | null;
  sentToFormerAddress: boolean;
}

/** States and languages that the agent has chosen, and the channels over which an offer reaches them now. */
export interface Reach {
  states: readonly string[];
  languages: readonly string[];
  channels: readonly Channel[];
}

/** All facts about one agent's onboarding for one plan year. */
export interface OnboardingFacts extends ExpirationFacts {
  /** When every condition was first met for this plan year. After that an unmet condition means suspension. */
  eligibleAt: Date | null;
  /** When the agent registered, in this or an earlier year. */
  registeredAt: Date | null;
  invitation: InvitationFact | undefined;
  /** Plan years of the agent's other onboardings that are open. */
  otherPlanYears: readonly number[];
  /** True when a later plan year is eligible or not reviewed yet: then that one invites the agent. */
  isInvitedByLaterYear: boolean;
  /** When the agent or ops last asked for an invitation. */
  invitationRequestedAt: Date | null;
  /** Version of each document in force when the facts were read. */
  termsInForce: Readonly<Record<TermsKind, string>>;
  /** Versions that take effect later. */
  upcomingTerms: readonly { kind: TermsKind; version: string; effectiveAt: Date }[];
  /** Versions that the agent has accepted. */
  termsAccepted: readonly { kind: TermsKind; version: string }[];
  /** Instants at which the agent is reminded of the terms. */
  termsRemindAt: readonly Date[];
  /** Number of these reminders that were sent. */
  termsRemindersSent: number;
  /** Instant from which a missing invitation is late; null while the training is not complete. */
  lateAt: Date | null;
  /** When the agent was sent the reason for the delay. */
  lateNotifiedAt: Date | null;
  /** When the registry is asked for a license that is in no feed; null: never. */
  licenseLookupAt: Date | null;
  /** When the phone's line type is looked up after an earlier failure; null: nothing to look up. */
  phoneCheckAt: Date | null;
  reach: Reach;
  /** Since when mail to the address in the MLMS profile bounces or was reported as spam. */
  emailUndeliverableAt: Date | null;
  leftAt: Date | null;
  heldAt: Date | null;
}
