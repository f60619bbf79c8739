import type { OnboardingStage } from '../stages.ts';
import type { Condition } from './conditions.ts';
import { dueExpirationWarnings } from './expirations.ts';
import type { OnboardingFacts } from './facts.ts';

/** Steps that the service has to do next for an agent. */
export const pendingSteps = [
  'invite',
  'remind-of-invitation',
  'remind-of-terms',
  'look-up-license',
  'explain-delay',
  'check-phone',
  'warn-of-expiration',
] as const;
export type PendingStep = (typeof pendingSteps)[number];

interface StageAndConditions {
  stage: OnboardingStage;
  conditions: readonly Condition[];
}

/** Returns the step that is due at an instant, one at a time and the most urgent first; undefined: none. */
export function pendingStepAt(
  now: Date,
  facts: OnboardingFacts,
  { stage, conditions }: StageAndConditions,
): PendingStep | undefined {
  const { invitation, termsRemindAt, termsRemindersSent } = facts;
  const askedSince = isInvitationRequested(facts);
  const hasCome = (at: Date | null | undefined) => Boolean(at && now >= at);
  const checks = hasCome(facts.phoneCheckAt) ? 'check-phone' : undefined;
  const looks =
    needsLicenseLookup(facts, conditions) && hasCome(facts.licenseLookupAt) ? 'look-up-license' : undefined;
  switch (stage) {
    case 'awaiting-eligibility': {
      if (looks) return looks;
      if (facts.heldAt) return undefined;
      if (conditions.every(({ met }) => met))
        return facts.registeredAt || facts.isInvitedByLaterYear ? undefined : 'invite';
      return isInvitationLate(now, facts) && !facts.lateNotifiedAt ? 'explain-delay' : undefined;
    }
    case 'invited':
      if (askedSince) return 'invite';
      return !invitation?.remindedAt && hasCome(invitation?.remindAt) ? 'remind-of-invitation' : undefined;
    case 'invitation-expired':
      return askedSince ? 'invite' : undefined;
    case 'invitation-undeliverable':
      return askedSince || (hasCome(invitation?.retryAt) && canInviteAgain(facts)) ? 'invite' : undefined;
    case 'awaiting-terms':
      return checks ?? (hasCome(termsRemindAt[termsRemindersSent]) ? 'remind-of-terms' : undefined);
    case 'active':
      return checks ?? (dueExpirationWarnings(now, facts).length > 0 ? 'warn-of-expiration' : undefined);
    case 'suspended':
      return looks ?? checks;
    case 'lapsed':
    case 'left':
      return undefined;
  }
}

/**
 * True when the agent, or ops for them, asked for another invitation after the latest one, or corrected the address to
 * which that one went.
 */
export function isInvitationRequested({ invitation, invitationRequestedAt }: OnboardingFacts): boolean {
  if (!invitation) return false;
  if (invitation.sentToFormerAddress) return true;
  return invitationRequestedAt !== null && invitationRequestedAt > invitation.issuedAt;
}

/** True while the address is good and no later plan year invites the agent. */
function canInviteAgain({ emailUndeliverableAt, isInvitedByLaterYear }: OnboardingFacts): boolean {
  return emailUndeliverableAt === null && !isInvitedByLaterYear;
}

/**
 * True when the invitation (for a registered agent, the new plan year) is overdue two business days after the training.
 * An agent who was eligible once has had it: a condition that is unmet later makes nothing late.
 */
export function isInvitationLate(now: Date, { lateAt, eligibleAt }: OnboardingFacts): boolean {
  return eligibleAt === null && lateAt !== null && now >= lateAt;
}

/** True when no source has any license of the agent, as with agents who are new. */
export function hasNoLicense(facts: OnboardingFacts, conditions: readonly Condition[]): boolean {
  return facts.evidence.licenses.length === 0 && needsLicenseLookup(facts, conditions);
}

/**
 * True when no license counts and the license feed has none: then the registry is asked until one counts. Its earlier
 * answers do not end this. They may hold a license that is not active yet, or lacks a health-related line.
 */
export function needsLicenseLookup({ evidence }: OnboardingFacts, conditions: readonly Condition[]): boolean {
  return (
    evidence.licenses.every(({ source }) => source.feed === 'license-lookup') &&
    conditions.some(({ name, met }) => name === 'licensed-with-health-line' && !met)
  );
}
