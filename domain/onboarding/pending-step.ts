import type { OnboardingStage } from '../stages.ts';
import type { Condition } from './conditions.ts';
import { dueExpirationWarnings } from './expirations.ts';
import type { OnboardingFacts } from './facts.ts';

/** What the stage calls for and nobody has done yet. */
export type PendingStep =
  | 'invite'
  | 'remind-of-link'
  | 'remind-of-terms'
  | 'look-up-license'
  | 'explain-lateness'
  | 'check-phone'
  | 'warn-of-end';

interface StageAndConditions {
  stage: OnboardingStage;
  conditions: readonly Condition[];
}

/** What a stage calls for at an instant; one duty at a time, the most urgent first. */
export function pendingStepAt(
  now: Date,
  facts: OnboardingFacts,
  { stage, conditions }: StageAndConditions,
): PendingStep | undefined {
  const { invitation, invitationRequestedAt, termsRemindAt, termsRemindersSent } = facts;
  const askedSince = invitation && invitationRequestedAt && invitationRequestedAt > invitation.issuedAt;
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
      return isInvitationLate(now, facts) && !facts.lateNotifiedAt ? 'explain-lateness' : undefined;
    }
    case 'invited':
      if (askedSince) return 'invite';
      return !invitation?.remindedAt && hasCome(invitation?.remindAt) ? 'remind-of-link' : undefined;
    case 'invitation-expired':
      return askedSince ? 'invite' : undefined;
    case 'invitation-undeliverable':
      return askedSince || (hasCome(invitation?.retryAt) && canInviteAgain(facts)) ? 'invite' : undefined;
    case 'awaiting-terms':
      return checks ?? (hasCome(termsRemindAt[termsRemindersSent]) ? 'remind-of-terms' : undefined);
    case 'active':
      return checks ?? (dueExpirationWarnings(now, facts).length > 0 ? 'warn-of-end' : undefined);
    case 'suspended':
      return looks ?? checks;
    case 'lapsed':
    case 'left':
      return undefined;
  }
}

/** The address has not turned out bad since, and no later plan year invites. */
function canInviteAgain({ emailUndeliverableAt, isInvitedByLaterYear }: OnboardingFacts): boolean {
  return emailUndeliverableAt === null && !isInvitedByLaterYear;
}

/**
 * Whether what was promised two business days after the training has not come and is late: the invitation, or for who is
 * registered already the new plan year. Who was eligible once has had it: what he lacks later makes nothing late.
 */
export function isInvitationLate(now: Date, { lateAt, eligibleAt }: OnboardingFacts): boolean {
  return eligibleAt === null && lateAt !== null && now >= lateAt;
}

/** No source knows any license of the agent, as with agents who are brand new. */
export function hasNoLicense(facts: OnboardingFacts, conditions: readonly Condition[]): boolean {
  return facts.evidence.licenses.length === 0 && needsLicenseLookup(facts, conditions);
}

/**
 * No license counts, and the feed knows none: the registry is asked until one does. What it answered before may be a
 * license that is not active yet, one without a health-related line, or one of another state than the one to come.
 */
export function needsLicenseLookup({ evidence }: OnboardingFacts, conditions: readonly Condition[]): boolean {
  return (
    evidence.licenses.every(({ source }) => source.feed === 'license-lookup') &&
    conditions.some(({ name, met }) => name === 'licensed-with-health-line' && !met)
  );
}
