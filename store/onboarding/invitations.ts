import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { linkToken, sha256 } from '../tokens.ts';
import type { OnboardingKey } from './onboardings.ts';

export interface LiveInvitation {
  id: string;
  expiresAt: Date;
}

/**
 * Issues the next invitation of an onboarding; a live one of the agent's is replaced: one link lives at a time. Its
 * instants are fixed here, from the policy in force now (rule 8).
 */
export async function issueInvitation(
  tx: Tx,
  { npn, planYear, at, policy, linkSecret }: OnboardingKey & { at: Date; policy: Policy; linkSecret: string },
): Promise<LiveInvitation> {
  await tx
    .updateTable('invitations')
    .set({ endedAt: at, endedAs: 'replaced' })
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .execute();
  const { email } = await tx
    .selectFrom('agents')
    .select('email')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const { last } = await tx
    .selectFrom('invitations')
    .select((row) => row.fn.coalesce(row.fn.max('number'), row.lit(0)).as('last'))
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .executeTakeFirstOrThrow();
  // whoever asked with a clock ahead of ours is answered by this one too, or it would be issued again and again
  await tx
    .updateTable('onboardings')
    .set({ invitationRequestedAt: at })
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .where('invitationRequestedAt', '>', at)
    .execute();
  const id = randomUUID();
  const number = last + 1;
  const expiresAt = new Date(at.getTime() + policy.invitationTtlMs);
  const remindAt = new Date(expiresAt.getTime() - policy.invitationReminderBeforeMs);
  // a link that lives shorter than that needs no reminder: one at its end is never due
  const isReminded = remindAt > at;
  await tx
    .insertInto('invitations')
    .values({
      id,
      npn,
      planYear,
      number,
      tokenSha256: sha256(linkToken(linkSecret, 'invitation', id)),
      sentTo: email,
      issuedAt: at,
      remindAt: isReminded ? remindAt : expiresAt,
      expiresAt,
      policyVersion: policy.version,
    })
    .execute();
  await recordEvent(tx, {
    subject: { kind: 'onboarding', npn, planYear },
    kind: 'invitation-issued',
    at,
    by: 'service',
    data: { invitationId: id, number, expiresAt: expiresAt.toISOString() },
  });
  return { id, expiresAt };
}

/** The invitation that can still be used, if there is one. */
export async function readLiveInvitation(tx: Tx, npn: string): Promise<LiveInvitation | undefined> {
  return tx
    .selectFrom('invitations')
    .select(['id', 'expiresAt'])
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
}

/** Remembers that the reminder of an invitation was told. */
export async function markInvitationReminded(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('invitations').set({ remindedAt: at }).where('id', '=', id).execute();
}

/**
 * Ends what can no longer be used: an invitation at the instant it promised, however late anybody looks, and one that
 * went to an address that the agent does not have any more. What was typed with it goes too.
 */
export async function endDeadInvitations(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<void> {
  await sql`
    with ended as (
      update invitations i
      set ended_at = least(i.expires_at, ${at}), ended_as = case when i.expires_at <= ${at} then 'expired' else 'replaced' end
      from agents a
      where a.npn = i.npn and i.npn = ${npn} and i.ended_at is null
        and (i.expires_at <= ${at} or i.sent_to <> a.email)
      returning i.id)
    delete from registration_requests where invitation_id in (select id from ended)`.execute(tx);
}
