import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type InvitationEnd, invitationStatus } from '../../domain/onboarding/invitation.ts';
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
 * Issues the next invitation of an onboarding and replaces the agent's live one: one link works at a time. Its instants
 * are fixed here by the policy in force (docs/architecture.md, rule 8).
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
  // a request stamped by a clock ahead of this one is answered too, or invitations would be issued again and again
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
  // a link that lives shorter needs no reminder: one that is scheduled for the expiration is never due
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

/** Reads an agent's live invitation, if there is one, and the onboarding that issued it. */
export async function readLiveInvitation(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<(LiveInvitation & { planYear: number; closedAt: Date | null }) | undefined> {
  const row = await tx
    .selectFrom('invitations as i')
    .innerJoin('onboardings as o', (join) =>
      join.onRef('o.npn', '=', 'i.npn').onRef('o.planYear', '=', 'i.planYear'),
    )
    .select(['i.id', 'i.planYear', 'expiresAt', 'endedAs', 'closedAt'])
    .$narrowType<{ endedAs: InvitationEnd | null }>()
    .where('i.npn', '=', npn)
    // at most one, by the index
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return row && invitationStatus(row, at) === 'live' ? row : undefined;
}

/** Records that the reminder of an invitation was sent. */
export async function markInvitationReminded(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('invitations').set({ remindedAt: at }).where('id', '=', id).execute();
}

/**
 * Ends an agent's invitations that are no longer live (`invitationStatus`): those past their expiration, as of that instant however late
 * this runs, and those sent to an address the agent no longer has. Registration requests made with them are deleted.
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
 * Finds the onboarding for which a link is used or renewed. One link serves every plan year of its agent
 * (docs/decisions/0005-one-invitation-per-agent.md), and the year that issued it may be over or no longer eligible. In this order: the link's own
 * year if it is open and can use an invitation; the latest other year that can; the link's own year or the latest one
 * that is open; if all are closed, the link's own year.
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
  const records = await readFactsOfMany(tx, open);
  const usable = records.find(({ facts }) => canUseInvitation(at, facts))?.row;
  const { npn, planYear } = usable ?? open[0] ?? link;
  return { npn, planYear };
}

/** Finds the onboarding that completed the registration made with an invitation, by its event. */
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
