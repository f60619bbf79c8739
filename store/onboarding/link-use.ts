import { sql } from 'kysely';
import { canUseInvitation } from '../../domain/onboarding/standing.ts';
import type { Tx } from '../database/connection.ts';
import { readFactsOfMany } from './facts.ts';
import type { OnboardingKey } from './onboardings.ts';

/**
 * The onboarding that a link is used for, or renewed for: one link serves every plan year of its agent (decision
 * 0005), and the year that issued it may be over or may have lost its eligibility. It is the link's own year while that
 * one is open and can use an invitation, else the latest other one that can, else the link's own or the latest that is
 * open; where all are closed the link's own answers.
 */
export async function findOnboardingForLink(tx: Tx, link: OnboardingKey, at: Date): Promise<OnboardingKey> {
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
  { id, npn, planYear }: OnboardingKey & { id: string },
): Promise<OnboardingKey> {
  const { rows } = await sql<{ planYear: number }>`
    select plan_year from onboardings o
    join events e on e.subject_kind = 'onboarding' and e.subject_id = o.npn || '-' || o.plan_year
    where o.npn = ${npn} and e.kind = 'registered' and e.data->>'invitationId' = ${id}`.execute(tx);
  return { npn, planYear: rows[0]?.planYear ?? planYear };
}
