import { invitationRules, invitationStatus } from '../../domain/onboarding/invitation.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { obstacleToInvite, opsActionFactsOf } from '../../domain/ops/ops-actions.ts';
import type { Actor } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import { readFacts } from './facts.ts';
import { findOnboardingForLink, readLiveInvitation } from './invitations.ts';
import { currentPlanYear, lockOnboarding, type OnboardingRow } from './onboardings.ts';

export interface InvitationRequest extends OnboardingId {
  at: Date;
  by: Extract<Actor, 'agent' | 'ops'>;
  /** Whether a link that still works is replaced. */
  evenIfLive: boolean;
}

/** Outcome of an invitation request: recorded now, recorded before, or why it cannot be. */
export interface InvitationRequestResult {
  row: OnboardingRow;
  found: 'noted' | 'already-noted' | 'registered' | 'closed' | 'none-yet' | 'still-live';
  requestedAt: Date | null;
}

/**
 * Records a request for an invitation in the caller's transaction: the instant on the onboarding, an event, and the
 * wake. The review issues the invitation (docs/architecture.md, rule 5).
 * @returns undefined if there is no such onboarding
 */
export async function requestInvitation(
  tx: Tx,
  request: InvitationRequest,
): Promise<InvitationRequestResult | undefined> {
  const { npn, planYear, at, by } = request;
  if (!(await lockOnboarding(tx, request))) return undefined;
  const record = await readFacts(tx, request);
  if (!record) return undefined;
  const { row, facts } = record;
  const { invitation, invitationRequestedAt: requestedAt } = facts;
  const obstacle = obstacleToInvite(opsActionFactsOf(record));
  if (obstacle === 'left' || obstacle === 'closed') return { row, found: 'closed', requestedAt };
  if (obstacle === 'registered') return { row, found: obstacle, requestedAt };
  if (!invitation) return { row, found: 'none-yet', requestedAt };
  if (requestedAt && requestedAt > invitation.issuedAt) return { row, found: 'already-noted', requestedAt };
  const { isRenewed } = invitationRules[invitationStatus(invitation, at)];
  if (!isRenewed && !request.evenIfLive) return { row, found: 'still-live', requestedAt };

  await tx
    .updateTable('onboardings')
    .set({ invitationRequestedAt: at })
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .execute();
  const subject = { kind: 'onboarding' as const, npn, planYear };
  await recordEvent(tx, { subject, kind: 'invitation-requested', at, by });
  await enqueue(tx, { type: 'wake-onboarding', payload: { npn, planYear } });
  return { row, found: 'noted', requestedAt: at };
}

/**
 * Sends an agent's invitation again, to the address in the MLMS alone, because its link arrived incomplete. In the
 * caller's transaction. A live invitation is sent again unchanged: NPNs are public, so a stranger must not be able to
 * invalidate a working link. An expired invitation is replaced by a new one.
 * @returns false if there is no invitation to send
 */
export async function sendInvitationByNpn(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<boolean> {
  const planYear = await currentPlanYear(tx, npn);
  if (planYear === undefined) return false;
  if (await resendLiveInvitation(tx, { npn, at })) return true;
  const key = await findOnboardingForLink(tx, { npn, planYear }, at);
  const result = await requestInvitation(tx, { ...key, at, by: 'agent', evenIfLive: false });
  return result?.found === 'noted' || result?.found === 'already-noted';
}

async function resendLiveInvitation(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<boolean> {
  const live = await readLiveInvitation(tx, { npn, at });
  if (!live) return false;
  const { id: invitationId, planYear, expiresAt: untilAt, closedAt } = live;
  const key = { npn, planYear };
  const dedupeKey = `invitation ${invitationId} again ${at.toISOString()}`;
  const notice = await createNotice(tx, {
    kind: 'invitation',
    ...key,
    invitationId,
    at,
    untilAt,
    dedupeKey,
    isRequested: true,
  });
  await recordEvent(tx, {
    subject: { kind: 'onboarding', ...key },
    kind: 'invitation-requested',
    at,
    by: 'agent',
  });
  // an open onboarding's workflow sends its notices; a closed onboarding has no workflow
  await enqueue(
    tx,
    closedAt ? { type: 'send-notice', payload: notice } : { type: 'wake-onboarding', payload: key },
  );
  return true;
}
