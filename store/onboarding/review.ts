import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { type Standing, standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import { finalStages } from '../../domain/stages.ts';
import { notifyAddressChange, syncAgent } from '../agents/agents.ts';
import { clearDeparture } from '../agents/departures.ts';
import { replaceServing, rescindOffers, wakeReferralsForAgent } from '../agents/serving.ts';
import type { Tx } from '../database/connection.ts';
import { type OnboardingRecord, readFacts } from './facts.ts';
import { endDeadInvitations } from './invitations.ts';
import { lockOnboarding } from './onboardings.ts';
import { scheduleReminders } from './reminder-schedule.ts';
import { recordStatusChange } from './status-change-notices.ts';

/** The result of a review, with the facts it was computed from. */
export interface Review extends Pick<OnboardingRecord, 'row' | 'facts' | 'otherYears'> {
  standing: Standing;
}

/**
 * Computes the standing of an onboarding at an instant and saves it in the caller's transaction: the stage with its
 * event, the states that the agent serves, the end of an expired invitation, and the notices of the change. Every
 * activity of onboarding ends with a review, so the row agrees with the facts that the activity changed.
 * @returns undefined if there is no such onboarding
 */
export async function reviewOnboarding(
  tx: Tx,
  { key, at, policy }: { key: OnboardingId; at: Date; policy: Policy },
): Promise<Review | undefined> {
  if (!(await lockOnboarding(tx, key))) return undefined;
  const formerAddress = await syncAgent(tx, { npn: key.npn, at });
  await endDeadInvitations(tx, { npn: key.npn, at });
  const record = await readFacts(tx, key, policy);
  if (!record) return undefined;
  const { row } = record;
  if (row.closedAt) return { ...record, standing: standingAt(row.closedAt, record.facts) };

  const facts = await scheduleReminders(tx, { ...record, at, policy });
  const standing = standingAt(at, facts);
  const { stage, causes, states, covered, nextChangeAt, servesUntil } = standing;
  const changed = await replaceServing(tx, { ...key, states, at, until: servesUntil });
  const since = row.stage === stage ? row.since : at;
  await tx
    .updateTable('onboardings')
    .set({
      stage,
      since,
      causes,
      covered,
      nextChangeAt: nextChangeAt ?? null,
      reviewedAt: row.reviewedAt ?? at,
      closedAt: finalStages.has(stage) ? at : null,
    })
    .where('npn', '=', key.npn)
    .where('planYear', '=', key.planYear)
    .execute();
  // at every review, not only when a state was lost: an offer may have been reserved in the meantime
  await rescindOffers(tx, key.npn);
  if (record.isReturning) await clearDeparture(tx, key.npn);
  // the states are unchanged, but the agent can be reached again
  if (row.causes.includes('no-channel') && stage === 'active' && !causes.includes('no-channel'))
    await wakeReferralsForAgent(tx, key.npn);
  if (formerAddress && facts.registeredAt)
    await notifyAddressChange(tx, { ...key, replaced: formerAddress, at });
  await recordStatusChange(tx, { row, facts, standing, at, otherYears: record.otherYears, ...changed });
  return { row: { ...row, since }, facts, otherYears: record.otherYears, standing };
}
