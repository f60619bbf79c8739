import type { OnboardingStage } from '../stages.ts';

/** Ends of an invitation, as its row keeps them. `unsent`: no provider accepted its mail in time. */
export const invitationEnds = ['registered', 'expired', 'replaced', 'undeliverable', 'unsent'] as const;
export type InvitationEnd = (typeof invitationEnds)[number];

/** The facts that decide whether an invitation is live. */
export interface InvitationState {
  endedAs: InvitationEnd | null;
  expiresAt: Date;
  /**
   * True when it was sent to an address that the MLMS profile no longer has. Only a review asks, as it takes over new
   * addresses; in the same transaction it ends what went to the former one, so that nobody else has to.
   */
  sentToFormerAddress?: boolean;
}

export type InvitationStatus = 'live' | InvitationEnd;

/**
 * Status of an invitation at an instant: the end in its row, or the end that the next review will record there, or
 * `live`. Those who ask, each at an instant of their own:
 *
 * - a review, at the workflow's, for the stage and for the deadline that the workflow is given (`standing.ts`);
 * - the workflow, before it lets a registration in, and the registration itself in its transaction;
 * - the API, when a link is looked up, used or renewed, and when it is sent again;
 * - a delivery, just before the mail is sent.
 *
 * `endDeadInvitations` gives the same answer in SQL.
 */
export function invitationStatus(invitation: InvitationState, now: Date): InvitationStatus {
  const { endedAs, expiresAt, sentToFormerAddress = false } = invitation;
  if (endedAs !== null) return endedAs;
  if (now >= expiresAt) return 'expired';
  return sentToFormerAddress ? 'replaced' : 'live';
}

interface InvitationRule {
  /** Stage and causes of an agent who lacks only the registration and whose latest invitation it is. */
  stage: OnboardingStage;
  causes: readonly ('expired' | 'undeliverable')[];
  /** Why nobody can look it up or register with it; undefined: they can. */
  refusal: 'invitation-expired' | 'invitation-ended' | undefined;
  /** Whether its mail and its reminder are sent, also again. */
  isSent: boolean;
  /** Whether the agent gets another one for the asking. Ops can have any replaced. */
  isRenewed: boolean;
}

const dead = { refusal: 'invitation-ended', isSent: false, isRenewed: true } as const;

/** What each status of an invitation allows. */
export const invitationRules: Readonly<Record<InvitationStatus, InvitationRule>> = {
  live: { stage: 'invited', causes: [], refusal: undefined, isSent: true, isRenewed: false },
  expired: { ...dead, stage: 'invitation-expired', causes: ['expired'], refusal: 'invitation-expired' },
  undeliverable: { ...dead, stage: 'invitation-undeliverable', causes: ['undeliverable'] },
  // by the next one, or because the agent left; who returns asks for another
  replaced: { ...dead, stage: 'invitation-expired', causes: ['expired'] },
  registered: { ...dead, stage: 'invitation-expired', causes: ['expired'] },
  // counts as none, so that the agent is invited again
  unsent: { ...dead, stage: 'awaiting-eligibility', causes: [] },
};
