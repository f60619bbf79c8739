import { dueExpirationWarnings, expirationRecordedAt } from '../../domain/onboarding/expirations.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { isInvitationRequested } from '../../domain/onboarding/pending-step.ts';
import type { Policy } from '../../domain/policy.ts';
import { type NoticeContents, unmetConditions } from '../../domain/text/notice-data.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import {
  issueInvitation,
  type LiveInvitation,
  markInvitationReminded,
  readLiveInvitation,
} from './invitations.ts';
import { countTermsReminder, saveExpirationWarnings, saveLateness } from './onboardings.ts';
import type { Review } from './review.ts';

/** An onboarding whose pending step is carried out. The caller has reviewed it, which locks its row. */
type Step = OnboardingId & { at: Date };

/** Issues an invitation, which replaces a live one, and has it mailed (docs/guide.md, step 1). */
export async function inviteAgent(
  tx: Tx,
  step: Step,
  { facts }: Review,
  { policy, linkSecret }: { policy: Policy; linkSecret: string },
): Promise<void> {
  const invitation = await issueInvitation(tx, { ...step, policy, linkSecret });
  await createLinkNotice(tx, 'invitation', step, {
    ...invitation,
    isRequested: isInvitationRequested(facts),
  });
}

/** Reminds an agent of an unused invitation before it expires. */
export async function remindOfInvitation(tx: Tx, step: Step): Promise<void> {
  const invitation = await readLiveInvitation(tx, step);
  if (!invitation) return;
  await markInvitationReminded(tx, invitation.id, step.at);
  await recordStep(tx, 'reminded-of-invitation', step, { invitationId: invitation.id });
  await createLinkNotice(tx, 'invitation-reminder', step, { ...invitation, isRequested: false });
}

/** Reminds a registered agent of the terms that they have not accepted yet. */
export async function remindOfTerms(tx: Tx, step: Step, { otherYears }: Review): Promise<void> {
  const number = await countTermsReminder(tx, step);
  // the same documents are missing for every plan year, and one reminder is enough
  const isReminded = otherYears.some(
    ({ stage, termsRemindersSent }) => stage === 'awaiting-terms' && termsRemindersSent >= number,
  );
  if (isReminded) return;
  await recordStep(tx, 'reminded-of-terms', step, { number });
  await createStepNotice(tx, 'terms-reminder', step);
}

/** Explains to an agent why the invitation has not come two business days after training (docs/guide.md, step 1). */
export async function explainDelay(tx: Tx, step: Step, { standing }: Review): Promise<void> {
  await saveLateness(tx, step);
  await recordStep(tx, 'delay-explained', step, { causes: standing.causes });
  await createStepNotice(tx, 'invitation-late', step, { unmet: unmetConditions(standing.conditions) });
}

/** Warns an active agent of a registration or a license that expires soon. */
export async function warnOfExpiration(tx: Tx, step: Step, { facts }: Review): Promise<void> {
  const expirations = dueExpirationWarnings(step.at, facts);
  await saveExpirationWarnings(tx, { ...step, expirations: expirations });
  await recordStep(tx, 'warned-of-expiration', step, { expirations });
  const warnings = expirations.map((ending) => ({
    ...ending,
    asOf: expirationRecordedAt(ending, facts)?.toISOString() ?? null,
  }));
  await createStepNotice(tx, 'expiring-soon', step, { expirations: warnings });
}

async function createLinkNotice(
  tx: Tx,
  kind: 'invitation' | 'invitation-reminder',
  { npn, planYear, at }: Step,
  { id: invitationId, expiresAt: untilAt, isRequested }: LiveInvitation & { isRequested: boolean },
): Promise<void> {
  const dedupeKey = `${kind} ${invitationId}`;
  await createNotice(tx, { kind, npn, planYear, invitationId, at, untilAt, dedupeKey, isRequested });
}

async function createStepNotice(
  tx: Tx,
  kind: 'terms-reminder' | 'invitation-late' | 'expiring-soon',
  { npn, planYear, at }: Step,
  data?: NoticeContents,
): Promise<void> {
  const dedupeKey = `${kind} ${npn} ${planYear} ${at.toISOString()}`;
  await createNotice(tx, { kind, npn, planYear, at, dedupeKey, data });
}

function recordStep(
  tx: Tx,
  kind: string,
  { npn, planYear, at }: Step,
  data: Record<string, unknown>,
): Promise<void> {
  return recordEvent(tx, { subject: { kind: 'onboarding', npn, planYear }, kind, at, by: 'service', data });
}
