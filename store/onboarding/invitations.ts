import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { canUseInvitation } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { linkToken, sha256 } from '../tokens.ts';
import { readFactsOfMany } from './facts.ts';

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
  { npn, planYear, at, policy, linkSecret }: OnboardingId & { at: Date; policy: Policy; linkSecret: string },
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

/**
 * The onboarding that a link is used for, or renewed for: one link serves every plan year of its agent (decision
 * 0005), and the year that issued it may be over or may have lost its eligibility. It is the link's own year while that
 * one is open and can use an invitation, else the latest other one that can, else the link's own or the latest that is
 * open; where all are closed the link's own answers.
 */
export async function findOnboardingForLink(tx: Tx, link: OnboardingId, at: Date): Promise<OnboardingId> {
  const open = await tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear'])
    .where('npn', '=', link.npn)
    .where('closedAt', 'is', null)
    .orderBy((row) => row('planYear', '=', link.planYear), 'desc')
    .orderBy('planYear', 'desc')
    .execute();
  const known = await readFactsOfMany(tx, open);
  const usable = known.find(({ facts }) => canUseInvitation(at, facts))?.row;
  const { npn, planYear } = usable ?? open[0] ?? link;
  return { npn, planYear };
}

/** The onboarding that took in the registration made with an invitation, as its event says. */
export async function findOnboardingRegisteredBy(
  tx: Tx,
  { id, npn, planYear }: OnboardingId & { id: string },
): Promise<OnboardingId> {
  const { rows } = await sql<{ planYear: number }>`
    select plan_year from onboardings o
    join events e on e.subject_kind = 'onboarding' and e.subject_id = o.npn || '-' || o.plan_year
    where o.npn = ${npn} and e.kind = 'registered' and e.data->>'invitationId' = ${id}`.execute(tx);
  return { npn, planYear: rows[0]?.planYear ?? planYear };
}
