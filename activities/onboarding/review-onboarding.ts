import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import { type OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { nextInvitationAt } from '../../domain/onboarding/next-action.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { PendingStep } from '../../domain/onboarding/pending-step.ts';
import { type OnboardingCause, type Standing, standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import { finalStages, type OnboardingStage } from '../../domain/stages.ts';
import { notifyAddressChange, syncAgent } from '../../store/agents/agents.ts';
import { clearDeparture } from '../../store/agents/departures.ts';
import { replaceServing, rescindOffers, wakeReferralsForAgent } from '../../store/agents/serving.ts';
import type { Tx } from '../../store/database/connection.ts';
import { pendingNotices } from '../../store/notifications/notices.ts';
import { type OnboardingRecord, type OtherYear, readFacts } from '../../store/onboarding/facts.ts';
import { endDeadInvitations } from '../../store/onboarding/invitations.ts';
import { lockOnboarding } from '../../store/onboarding/onboardings.ts';
import { scheduleReminders } from './reminder-schedule.ts';
import { recordStatusChange } from './status-change-notices.ts';

/** Where an onboarding stands, as its workflow knows it: stages, causes and instants (ISO text). */
export interface OnboardingState {
  stage: OnboardingStage;
  since: string;
  causes: OnboardingCause[];
  states: string[];
  due: PendingStep | undefined;
  nextChangeAt: string | undefined;
  /** Until when the live invitation can be used; undefined while there is none. */
  linkExpiresAt: string | undefined;
  /** When another invitation goes out by itself after one that failed at a good address; reviews of earlier releases lack it. */
  retryAt?: string | undefined;
  /** What is written down to be told and has not reached a provider yet. */
  notices: NoticeToSend[];
}

/** A review with what it was computed from. */
export interface ReviewResult {
  state: OnboardingState;
  facts: OnboardingFacts;
  standing: Standing;
  otherYears: readonly OtherYear[];
}

/**
 * Computes where an onboarding stands at an instant and writes what follows from it in the caller's transaction:
 * the stage with its event, the states the agent serves, the end of an invitation that is dead, and the notices of
 * the change. Every deed of onboarding ends with it, so row and facts never disagree.
 * Undefined: there is no such onboarding.
 */
export async function reviewOnboarding(
  tx: Tx,
  { key, at, policy }: { key: OnboardingId; at: Date; policy: Policy },
): Promise<ReviewResult | undefined> {
  if (!(await lockOnboarding(tx, key))) return undefined;
  const was = await syncAgent(tx, { npn: key.npn, at });
  await endDeadInvitations(tx, { npn: key.npn, at });
  const known = await readFacts(tx, key, policy);
  if (!known) return undefined;
  const { row } = known;
  if (row.closedAt) return toReviewResult(tx, known, standingAt(row.closedAt, known.facts));

  const facts = await scheduleReminders(tx, { ...known, at, policy });
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
  // each time, not only when a state was lost: an offer may have been reserved while that was being found
  await rescindOffers(tx, key.npn);
  if (known.isReturning) await clearDeparture(tx, key.npn);
  // the states are as before, and yet there is somebody more who can be asked
  if (row.causes.includes('no-channel') && stage === 'active' && !causes.includes('no-channel'))
    await wakeReferralsForAgent(tx, key.npn);
  if (was && facts.registeredAt) await notifyAddressChange(tx, { ...key, was, at });
  await recordStatusChange(tx, { row, facts, standing, at, otherYears: known.otherYears, ...changed });
  return toReviewResult(tx, { ...known, row: { ...row, since }, facts }, standing);
}

async function toReviewResult(
  tx: Tx,
  { row, facts, otherYears }: Pick<OnboardingRecord, 'row' | 'facts' | 'otherYears'>,
  standing: Standing,
): Promise<ReviewResult> {
  const { stage, causes, states, pendingStep, nextChangeAt } = standing;
  const state: OnboardingState = {
    stage,
    since: row.since.toISOString(),
    causes,
    states,
    due: pendingStep,
    nextChangeAt: nextChangeAt?.toISOString(),
    linkExpiresAt: linkExpiryOf(facts)?.toISOString(),
    retryAt: nextInvitationAt(stage, facts)?.toISOString(),
    notices: await pendingNotices(tx, row),
  };
  return { state, facts, standing, otherYears };
}

/** Also of who cannot register now: that the link is alive and he is not eligible is said by the deed. */
function linkExpiryOf({ invitation }: OnboardingFacts): Date | undefined {
  return invitation && invitation.endedAs === null && !invitation.sentToFormerAddress
    ? invitation.expiresAt
    : undefined;
}
