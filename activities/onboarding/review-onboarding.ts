import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import { type OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { invitationStatus } from '../../domain/onboarding/invitation.ts';
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

/** The state of an onboarding as its workflow knows it: stages, causes and instants (ISO text). */
export interface OnboardingState {
  stage: OnboardingStage;
  since: string;
  causes: OnboardingCause[];
  states: string[];
  due: PendingStep | undefined;
  nextChangeAt: string | undefined;
  /** End of the live invitation; undefined if there is none. */
  linkExpiresAt: string | undefined;
  /**
   * The next automatic invitation after one that failed at a good address. Missing in histories of earlier releases.
   */
  retryAt?: string | undefined;
  /** Pending notices, which no provider has accepted yet. */
  notices: NoticeToSend[];
}

/** The result of a review, with the facts it was computed from. */
export interface ReviewResult {
  state: OnboardingState;
  facts: OnboardingFacts;
  standing: Standing;
  otherYears: readonly OtherYear[];
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
): Promise<ReviewResult | undefined> {
  if (!(await lockOnboarding(tx, key))) return undefined;
  const formerAddress = await syncAgent(tx, { npn: key.npn, at });
  await endDeadInvitations(tx, { npn: key.npn, at });
  const record = await readFacts(tx, key, policy);
  if (!record) return undefined;
  const { row } = record;
  if (row.closedAt) return toReviewResult(tx, record, standingAt(row.closedAt, record.facts), at);

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
  return toReviewResult(tx, { ...record, row: { ...row, since }, facts }, standing, at);
}

async function toReviewResult(
  tx: Tx,
  { row, facts, otherYears }: Pick<OnboardingRecord, 'row' | 'facts' | 'otherYears'>,
  standing: Standing,
  at: Date,
): Promise<ReviewResult> {
  const { stage, causes, states, pendingStep, nextChangeAt } = standing;
  const state: OnboardingState = {
    stage,
    since: row.since.toISOString(),
    causes,
    states,
    due: pendingStep,
    nextChangeAt: nextChangeAt?.toISOString(),
    linkExpiresAt: linkExpiryOf(facts, at)?.toISOString(),
    retryAt: nextInvitationAt(stage, facts)?.toISOString(),
    notices: await pendingNotices(tx, row),
  };
  return { state, facts, standing, otherYears };
}

/** Returned even while the agent is ineligible; `completeRegistration` reports ineligibility separately. */
function linkExpiryOf({ invitation }: OnboardingFacts, at: Date): Date | undefined {
  return invitation && invitationStatus(invitation, at) === 'live' ? invitation.expiresAt : undefined;
}
