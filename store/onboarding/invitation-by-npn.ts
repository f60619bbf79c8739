import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import { requestInvitation } from './invitation-requests.ts';
import { findOnboardingForLink } from './link-use.ts';
import { currentPlanYear } from './onboardings.ts';

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
    closedAt ? { deed: 'tell-notice', subject: notice } : { deed: 'wake-onboarding', subject: key },
  );
  return true;
}
