import type { OnboardingEvents } from '../../domain/events.ts';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { stateRecordsOf } from '../../domain/onboarding/licensed-states.ts';
import { nextInvitationAt } from '../../domain/onboarding/next-action.ts';
import { isTerminatedOn, type OnboardingCause, type Standing } from '../../domain/onboarding/standing.ts';
import { type NoticeContents, restoredConditions, unmetConditions } from '../../domain/text/notice-data.ts';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { wakeOtherYears } from '../outbox.ts';
import type { OtherYear } from './facts.ts';
import type { OnboardingRow } from './onboardings.ts';

interface StatusChange {
  row: OnboardingRow;
  facts: OnboardingFacts;
  standing: Standing;
  at: Date;
  otherYears: readonly OtherYear[];
  /** States that the agent no longer serves, and new ones. */
  lost: string[];
  gained: string[];
}

/** Records the events of a change, wakes the agent's other plan years, and notifies the agent where required. */
export async function recordStatusChange(tx: Tx, change: StatusChange): Promise<void> {
  const { row, facts, standing, at, lost, gained } = change;
  const { stage, causes, nextChangeAt } = standing;
  const subject = { kind: 'onboarding' as const, npn: row.npn, planYear: row.planYear };
  const changesStates = row.stage === 'active' && stage === 'active' && lost.length + gained.length > 0;
  if (changesStates)
    await recordEvent(tx, { subject, kind: 'states-changed', at, by: 'service', data: { lost, gained } });
  const entered = !row.reviewedAt || row.stage !== stage || row.causes.join() !== causes.join();
  if (entered) {
    const retryAt = nextInvitationAt(stage, facts)?.toISOString();
    const data: OnboardingEvents['stage-entered'] = {
      stage,
      causes,
      nextChangeAt: nextChangeAt?.toISOString() ?? null,
      ...(retryAt && { retryAt }),
    };
    await recordEvent(tx, { subject, kind: 'stage-entered', at, by: 'service', data: { ...data } });
    await wakeOtherYears(tx, row);
  }
  const draft = changesStates ? noticeOfStates(change) : entered ? noticeOfStage(change) : undefined;
  if (!draft || isAlreadyNotified(change)) return;
  const { npn, planYear } = row;
  const { kind, once, since, data } = draft;
  const occasion = once ? '' : since ? ` ${since.toISOString()}` : ` ${planYear} ${at.toISOString()}`;
  const dedupeKey = `${kind} ${npn}${occasion}`;
  await createNotice(tx, { kind, npn, planYear, at, dedupeKey, data });
}

interface NoticeDraft {
  kind: NoticeKind;
  /** Sent once in the agent's life, whatever the plan year. */
  once?: true;
  /** Sent once for what began then, whatever the plan year. */
  since?: Date;
  data?: NoticeContents;
}

/**
 * Returns whether the onboarding of another plan year has already notified the agent of the same change, such as a lost
 * license or a new version of the terms: it has the same stage and causes, since this one entered its former stage.
 */
function isAlreadyNotified({ row, standing: { stage, causes }, otherYears }: StatusChange): boolean {
  return (
    row.stage !== stage &&
    otherYears.some(
      (other) => other.stage === stage && other.causes.join() === causes.join() && other.since >= row.since,
    )
  );
}

/** Causes that concern the agent under every plan year, even one that has not been reviewed since. */
const affectsEveryYear = (causes: readonly OnboardingCause[]) =>
  causes.some((cause) =>
    ['licensed-with-health-line', 'license-not-found', 'individual-npn', 'held'].includes(cause),
  );

/** The notice for a stage that was entered, if there is one. Other notices are created by the activities themselves. */
function noticeOfStage({ row, facts, standing, at, otherYears }: StatusChange): NoticeDraft | undefined {
  const { stage, causes, conditions } = standing;
  const { registeredAt } = facts;
  if (!registeredAt) return undefined;
  const ofHold = noticeOfHold(row.causes.includes('held'), facts, standing);
  if (ofHold) return ofHold;
  // the other of the two documents has a new version too
  const hasNewTerms = stage === 'awaiting-terms' && causes.some((cause) => !row.causes.includes(cause));
  if (stage === row.stage) return hasNewTerms ? { kind: 'terms-needed' } : undefined;
  const isReturning = registeredAt < row.createdAt;
  const isEnded = isTerminatedOn(marketplaceDateAt(at), facts);
  const carriesOn = otherYears.find((other) => other.stage === 'active')?.planYear;
  switch (stage) {
    case 'awaiting-terms':
      // an agent who has just registered reads it in the confirmation
      return isReturning || row.stage === 'active' || row.stage === 'suspended'
        ? { kind: 'terms-needed' }
        : undefined;
    case 'active':
      return isReturning || row.stage === 'suspended'
        ? { kind: 'active-again', data: { restored: restoredConditions(row.causes, conditions) } }
        : { kind: 'active', once: true };
    case 'suspended':
      return {
        kind: 'suspended',
        data: {
          unmet: unmetConditions(conditions),
          ...(carriesOn && !isEnded && !affectsEveryYear(causes) ? { carriesOn } : {}),
        },
      };
    case 'lapsed':
      // nothing changes for an agent who is active under another plan year
      return carriesOn ? undefined : { kind: 'lapsed' };
    case 'awaiting-eligibility':
    case 'invited':
    case 'invitation-expired':
    case 'invitation-undeliverable':
    case 'left':
      return undefined;
  }
}

/** The notice that a hold began or ended, unless something else keeps the agent from being offered referrals. */
function noticeOfHold(
  wasHeld: boolean,
  { heldAt }: OnboardingFacts,
  { stage, causes }: Standing,
): NoticeDraft | undefined {
  if (!wasHeld && heldAt && causes.includes('held')) return { kind: 'held', since: heldAt };
  const isReleased =
    wasHeld &&
    !heldAt &&
    (stage === 'active' || stage === 'awaiting-terms') &&
    !causes.includes('terminated-for-cause');
  return isReleased ? { kind: 'released' } : undefined;
}

/**
 * The notice for changed states. Counts only states that the agent wants and that no other plan year serves. States that were
 * lost by a termination for cause are none: the notice of its plan year says why.
 */
function noticeOfStates({ facts, at, otherYears, ...change }: StatusChange): NoticeDraft | undefined {
  if (isTerminatedOn(marketplaceDateAt(at), facts)) return undefined;
  const elsewhere = new Set(otherYears.flatMap(({ serving }) => serving));
  const [lost, gained] = [change.lost, change.gained].map((states) =>
    states.filter((state) => facts.reach.states.includes(state) && !elsewhere.has(state)),
  ) as [string[], string[]];
  if (lost.length + gained.length === 0) return undefined;
  const records = stateRecordsOf([...lost, ...gained], marketplaceDateAt(at), facts).map((record) => ({
    ...record,
    asOf: record.asOf?.toISOString() ?? null,
  }));
  return { kind: 'states-changed', data: { lost, gained, records } };
}
