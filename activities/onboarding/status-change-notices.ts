import type { OnboardingEvents } from '../../domain/events.ts';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { stateRecordsOf } from '../../domain/onboarding/licensed-states.ts';
import { nextInvitationAt } from '../../domain/onboarding/next-action.ts';
import type { OnboardingCause, Standing } from '../../domain/onboarding/standing.ts';
import { type NoticeContents, restoredConditions, unmetConditions } from '../../domain/text/notice-data.ts';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../../store/database/connection.ts';
import { recordEvent } from '../../store/events.ts';
import { createNotice } from '../../store/notifications/notices.ts';
import type { OtherYear } from '../../store/onboarding/facts.ts';
import type { OnboardingRow } from '../../store/onboarding/onboardings.ts';
import { wakeOtherYears } from '../../store/outbox.ts';

interface StatusChange {
  row: OnboardingRow;
  facts: OnboardingFacts;
  standing: Standing;
  at: Date;
  otherYears: readonly OtherYear[];
  /** States that the agent serves no more, and that are new. */
  lost: string[];
  gained: string[];
}

/** Writes the events of a change, wakes the agent's other plan years, and tells the agent where it is asked for. */
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
  const occasion = changesStates ? noticeOfStates(change) : entered ? noticeOfStage(change) : undefined;
  if (!occasion || isAlreadyNotified(change)) return;
  const { npn, planYear } = row;
  const { kind, once, data } = occasion;
  const dedupeKey = once ? `${kind} ${npn}` : `${kind} ${npn} ${planYear} ${at.toISOString()}`;
  await createNotice(tx, { kind, npn, planYear, at, dedupeKey, data });
}

interface NoticeDraft {
  kind: NoticeKind;
  /** Told once in the agent's life, whichever plan years are running. */
  once?: true;
  data?: NoticeContents;
}

/**
 * What befalls two plan years at once, such as a lost license or a new version of the terms, is told once: another year
 * has come to the same stage for the same causes since this one left it.
 */
function isAlreadyNotified({ row, standing: { stage, causes }, otherYears }: StatusChange): boolean {
  return (
    row.stage !== stage &&
    otherYears.some(
      (other) => other.stage === stage && other.causes.join() === causes.join() && other.since >= row.since,
    )
  );
}

/** What concerns the agent under every plan year, also one that has not been looked at since. */
const affectsEveryYear = (causes: readonly OnboardingCause[]) =>
  causes.some((cause) =>
    ['licensed-with-health-line', 'license-not-found', 'individual-npn', 'held'].includes(cause),
  );

/** Who reaches a stage is told where the guide, or courtesy, asks for it; the rest is told by the deeds. */
function noticeOfStage({ row, facts, standing, otherYears }: StatusChange): NoticeDraft | undefined {
  const { stage, causes, conditions } = standing;
  const { registeredAt } = facts;
  if (!registeredAt) return undefined;
  // the second of the two documents has got a new version, too
  const asksForMore = stage === 'awaiting-terms' && causes.some((cause) => !row.causes.includes(cause));
  if (stage === row.stage) return asksForMore ? { kind: 'terms-needed' } : undefined;
  const isReturning = registeredAt < row.createdAt;
  const carriesOn = otherYears.find((other) => other.stage === 'active')?.planYear;
  switch (stage) {
    case 'awaiting-terms':
      // who has just registered reads of it in the confirmation
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
          ...(carriesOn && !affectsEveryYear(causes) ? { carriesOn } : {}),
        },
      };
    case 'lapsed':
      // for whoever carries on under the next plan year nothing changes
      return carriesOn ? undefined : { kind: 'lapsed' };
    case 'awaiting-eligibility':
    case 'invited':
    case 'invitation-expired':
    case 'invitation-undeliverable':
    case 'left':
      return undefined;
  }
}

/** Only states that the agent wants to be asked for are worth a letter, and that no other plan year covers. */
function noticeOfStates({ facts, at, otherYears, ...change }: StatusChange): NoticeDraft | undefined {
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
