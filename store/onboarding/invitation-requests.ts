import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { obstacleToInvite, opsActionFactsOf } from '../../domain/ops/ops-actions.ts';
import type { Actor } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import { readFacts } from './facts.ts';
import { findOnboardingForLink } from './invitations.ts';
import { currentPlanYear, lockOnboarding, type OnboardingRow } from './onboardings.ts';

export interface InvitationRequest extends OnboardingId {
  at: Date;
  by: Extract<Actor, 'agent' | 'ops'>;
  /** Also while the link still works. */
  evenIfLive: boolean;
}

/** What a wish for an invitation found: whether it was noted, is noted already, or why it is of no use. */
export interface InvitationRequestResult {
  row: OnboardingRow;
  found: 'noted' | 'already-noted' | 'registered' | 'closed' | 'none-yet' | 'still-live';
  requestedAt: Date | null;
}

/**
 * Notes that an invitation is wanted: the instant on the onboarding, an event and the wake, in the caller's
 * transaction. The review issues it (rule 5). Undefined: there is no such onboarding.
 */
export async function requestInvitation(
  tx: Tx,
  wish: InvitationRequest,
): Promise<InvitationRequestResult | undefined> {
  const { npn, planYear, at, by } = wish;
  if (!(await lockOnboarding(tx, wish))) return undefined;
  const known = await readFacts(tx, wish);
  if (!known) return undefined;
  const { row, facts } = known;
  const { invitation, invitationRequestedAt: requestedAt } = facts;
  const obstacle = obstacleToInvite(opsActionFactsOf(known));
  if (obstacle === 'left' || obstacle === 'closed') return { row, found: 'closed', requestedAt };
  if (obstacle === 'registered') return { row, found: obstacle, requestedAt };
  if (!invitation) return { row, found: 'none-yet', requestedAt };
  if (requestedAt && requestedAt > invitation.issuedAt) return { row, found: 'already-noted', requestedAt };
  const live = invitation.endedAs === null && at < invitation.expiresAt;
  if (live && !wish.evenIfLive) return { row, found: 'still-live', requestedAt };

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
 * Sends an agent's invitation once more, to the address in the MLMS profile alone, because the link did not come
 * through whole. A live one goes out again as it is: whoever knows an NPN, which is public, cannot make a link dead that
 * works. In place of one that has expired another is issued. In the caller's transaction.
 * @returns false where there is none to send
 */
export async function sendInvitationByNpn(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<boolean> {
  const planYear = await currentPlanYear(tx, npn);
  if (planYear === undefined) return false;
  if (await resendLiveInvitation(tx, { npn, at })) return true;
  const key = await findOnboardingForLink(tx, { npn, planYear }, at);
  const wish = await requestInvitation(tx, { ...key, at, by: 'agent', evenIfLive: false });
  return wish?.found === 'noted' || wish?.found === 'already-noted';
}

async function resendLiveInvitation(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<boolean> {
  const live = await tx
    .selectFrom('invitations')
    .innerJoin('onboardings', (join) =>
      join
        .onRef('onboardings.npn', '=', 'invitations.npn')
        .onRef('onboardings.planYear', '=', 'invitations.planYear'),
    )
    .select(['invitations.id', 'invitations.planYear', 'expiresAt', 'closedAt'])
    .where('invitations.npn', '=', npn)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', at)
    .executeTakeFirst();
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
  });
  await recordEvent(tx, {
    subject: { kind: 'onboarding', ...key },
    kind: 'invitation-requested',
    at,
    by: 'agent',
  });
  // an open onboarding's workflow sends its own notices; a closed one has nobody left who would
  await enqueue(
    tx,
    closedAt ? { type: 'tell-notice', payload: notice } : { type: 'wake-onboarding', payload: key },
  );
  return true;
}
