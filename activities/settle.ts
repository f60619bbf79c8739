import type { NoticeToSend } from '../domain/notices.ts';
import type { Policy } from '../domain/policy.ts';
import { finalStages, type OnboardingStage } from '../domain/stages.ts';
import {
  type Duty,
  type Facts,
  type OnboardingCause,
  type Standing,
  standingAt,
} from '../domain/standing.ts';
import { syncAgent } from '../store/agents.ts';
import type { Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { createNotice, type NewNotice, untoldNotices } from '../store/notices.ts';
import { type OnboardingKey, type OnboardingRow, readFacts } from '../store/onboardings.ts';
import { wakeOtherYears } from '../store/outbox.ts';
import { replaceServing } from '../store/serving.ts';

/** Where an onboarding stands, as its workflow knows it: stages, causes and instants (ISO text). */
export interface Review {
  stage: OnboardingStage;
  since: string;
  causes: OnboardingCause[];
  states: string[];
  due: Duty | undefined;
  nextChangeAt: string | undefined;
  /** Until when the live invitation can be used; undefined while there is none. */
  linkExpiresAt: string | undefined;
  /** What is written down to be told and has not reached a provider yet. */
  notices: NoticeToSend[];
}

/**
 * Computes where an onboarding stands at an instant and writes what follows from it in the caller's transaction:
 * the stage with its event, the states the agent serves, the end of an invitation whose time is over, and the
 * notices of the change. Every deed of onboarding ends with it, so row and facts never disagree.
 * Undefined: there is no such onboarding.
 */
export async function settle(
  tx: Tx,
  { key, at, policy }: { key: OnboardingKey; at: Date; policy: Policy },
): Promise<Review | undefined> {
  const known = await readFacts(tx, key, { lock: true });
  if (!known) return undefined;
  const { row } = known;
  const facts = await promiseWhatIsNew(tx, { row, facts: known.facts, at, policy });
  if (row.closedAt) {
    return reviewOf(row, standingAt(row.closedAt, facts), facts, await untoldNotices(tx, key));
  }

  const standing = standingAt(at, facts);
  await syncAgent(tx, { npn: key.npn, at });
  await endOverdueInvitation(tx, key.npn, at);
  await replaceServing(tx, { ...key, states: standing.states, at, until: standing.nextChangeAt });
  const entered =
    !row.reviewedAt || row.stage !== standing.stage || row.causes.join() !== standing.causes.join();
  const since = row.stage === standing.stage ? row.since : at;
  await tx
    .updateTable('onboardings')
    .set({
      stage: standing.stage,
      since,
      causes: standing.causes,
      nextChangeAt: standing.nextChangeAt ?? null,
      reviewedAt: row.reviewedAt ?? at,
      closedAt: finalStages.has(standing.stage) ? at : null,
    })
    .where('npn', '=', key.npn)
    .where('planYear', '=', key.planYear)
    .execute();
  if (entered) await enter(tx, { row, facts, standing, at });
  return reviewOf({ ...row, since }, standing, facts, await untoldNotices(tx, key));
}

/** What is promised when it begins: the instant of first eligibility, and the reminders of terms that are missing. */
async function promiseWhatIsNew(
  tx: Tx,
  { row, facts, at, policy }: { row: OnboardingRow; facts: Facts; at: Date; policy: Policy },
): Promise<Facts> {
  const { conditions, stage } = standingAt(at, facts);
  const eligibleAt = facts.eligibleAt ?? (conditions.every((condition) => condition.met) ? at : null);
  const termsRemindAt =
    stage === 'awaiting-terms' && row.stage !== 'awaiting-terms'
      ? policy.termsReminderAfterMs.map((after) => new Date(at.getTime() + after))
      : facts.termsRemindAt;
  if (eligibleAt === facts.eligibleAt && termsRemindAt === facts.termsRemindAt) return facts;
  const termsRemindersTold = termsRemindAt === facts.termsRemindAt ? facts.termsRemindersTold : 0;
  await tx
    .updateTable('onboardings')
    .set({ eligibleAt, termsRemindAt: [...termsRemindAt], termsRemindersTold })
    .where('npn', '=', row.npn)
    .where('planYear', '=', row.planYear)
    .execute();
  return { ...facts, eligibleAt, termsRemindAt, termsRemindersTold };
}

/** An invitation ends at the instant it promised, however late anybody looks. */
async function endOverdueInvitation(tx: Tx, npn: string, at: Date): Promise<void> {
  await tx
    .updateTable('invitations')
    .set((row) => ({ endedAt: row.ref('expiresAt'), endedAs: 'expired' }))
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .where('expiresAt', '<=', at)
    .execute();
}

async function enter(
  tx: Tx,
  { row, facts, standing, at }: { row: OnboardingRow; facts: Facts; standing: Standing; at: Date },
): Promise<void> {
  await recordEvent(tx, {
    subject: { kind: 'onboarding', npn: row.npn, planYear: row.planYear },
    kind: 'stage-entered',
    at,
    by: 'service',
    data: {
      stage: standing.stage,
      causes: standing.causes,
      nextChangeAt: standing.nextChangeAt?.toISOString() ?? null,
    },
  });
  await wakeOtherYears(tx, row);
  const occasion = occasionOf(row, facts, standing, at);
  if (occasion) await createNotice(tx, { ...occasion, npn: row.npn, planYear: row.planYear, at });
}

/**
 * Who reaches a stage is told where the guide, or courtesy, asks for it; the rest is told by the deeds. Becoming
 * active after registering is told once, although it may begin two plan years.
 */
function occasionOf(
  row: OnboardingRow,
  { registeredAt }: Facts,
  { stage }: Standing,
  at: Date,
): Pick<NewNotice, 'kind' | 'dedupeKey'> | undefined {
  if (stage === row.stage || !registeredAt) return undefined;
  const thisTime = `${row.npn} ${row.planYear} ${at.toISOString()}`;
  if (stage === 'suspended' || stage === 'lapsed') return { kind: stage, dedupeKey: `${stage} ${thisTime}` };
  if (stage !== 'active') return undefined;
  const isFirst = registeredAt >= row.createdAt && row.stage !== 'suspended';
  return isFirst
    ? { kind: 'active', dedupeKey: `active ${row.npn}` }
    : { kind: 'active-again', dedupeKey: `active-again ${thisTime}` };
}

function reviewOf(row: OnboardingRow, standing: Standing, facts: Facts, notices: NoticeToSend[]): Review {
  const { stage, causes, states, due, nextChangeAt } = standing;
  const link = stage === 'invited' ? facts.invitation?.expiresAt : undefined;
  return {
    stage,
    since: row.since.toISOString(),
    causes,
    states,
    due,
    nextChangeAt: nextChangeAt?.toISOString(),
    linkExpiresAt: link?.toISOString(),
    notices,
  };
}
