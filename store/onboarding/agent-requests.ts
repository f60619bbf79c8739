import type { NoticeKind } from '../../domain/notifications/notices.ts';
import { nextInvitationAt } from '../../domain/onboarding/next-action.ts';
import { type NoticeContents, type RequestedStatus, unmetConditions } from '../../domain/text/notice-data.ts';
import { notifyAddressChange, syncAgent } from '../agents/agents.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import { type OnboardingRecord, readFacts, readFactsOfMany, standingOf } from './facts.ts';
import { currentPlanYear, lockOnboarding } from './onboardings.ts';

/** Requests that need nothing but an NPN. */
export type AgentRequest = Extract<NoticeKind, 'status-answer' | 'log-in-reminder'>;

const requestEvents = {
  'status-answer': 'status-requested',
  'log-in-reminder': 'log-in-reminder-requested',
} as const;

/**
 * Answers a request that names nothing but an NPN, by mail to the address in the MLMS alone: creates the notice, an
 * event and the outbox message, in the caller's transaction. The onboarding itself does not change. An agent who asks
 * for the username and has no account gets the onboarding status instead. Nothing happens if the MLMS does not know the
 * NPN or the agent has died.
 */
export async function answerAgentRequest(
  tx: Tx,
  { npn, at, asks }: { npn: string; at: Date; asks: AgentRequest },
): Promise<void> {
  const planYear = (await isInMlms(tx, npn)) ? await currentPlanYear(tx, npn) : undefined;
  if (planYear === undefined) return;
  const key = { npn, planYear };
  await lockOnboarding(tx, key);
  const record = await readFacts(tx, key);
  if (!record) return;
  const others = record.otherYears.map((year) => ({ npn, planYear: year.planYear }));
  const otherYears = others.length > 0 ? await readFactsOfMany(tx, others) : [];
  const agent = await readAgent(tx, npn);
  if (agent?.leftBecause === 'death') return;
  // an open onboarding's review syncs the address and notifies the old one; before the first review there is no agent
  // row
  const replaced = record.row.closedAt || !agent ? await syncAgent(tx, { npn, at }) : undefined;
  const isRegistered = await hasAccount(tx, npn);
  const notices = replaced && isRegistered ? await notifyAddressChange(tx, { ...key, replaced, at }) : [];
  const kind = asks === 'log-in-reminder' && isRegistered ? asks : 'status-answer';
  const data = kind === 'status-answer' ? buildNoticeContents(record, otherYears, at) : undefined;
  const dedupeKey = `${kind} ${npn} ${at.toISOString()}`;
  const notice = await createNotice(tx, { kind, ...key, at, dedupeKey, data });
  await recordEvent(tx, {
    subject: { kind: 'onboarding', ...key },
    kind: requestEvents[kind],
    at,
    by: 'agent',
  });
  const sendable = [...notices, notice].filter(({ channels }) => channels.length > 0);
  if (sendable.length === 0) return;
  // an open onboarding's workflow sends its notices; a closed onboarding has no workflow
  if (record.row.closedAt)
    await enqueue(tx, ...sendable.map((payload) => ({ type: 'send-notice' as const, payload })));
  else await enqueue(tx, { type: 'wake-onboarding', payload: key });
}

function buildNoticeContents(
  record: OnboardingRecord,
  others: readonly OnboardingRecord[],
  at: Date,
): NoticeContents {
  const { facts } = record;
  const { stage, causes, conditions } = standingOf(record, at);
  const asked: RequestedStatus = {
    stage,
    causes,
    linkExpiresAt: stage === 'invited' ? (facts.invitation?.expiresAt.toISOString() ?? null) : null,
    retryAt: nextInvitationAt(stage, facts)?.toISOString() ?? null,
    newToMarketplace: facts.evidence.training?.newToMarketplace ?? false,
    isRegistered: facts.registeredAt !== null,
    otherYears: others
      .map((other) => ({
        planYear: other.row.planYear,
        unmet: unmetConditions(standingOf(other, at).conditions) ?? [],
      }))
      .filter(({ unmet }) => unmet.length > 0),
  };
  return { asked, unmet: unmetConditions(conditions) };
}

async function isInMlms(tx: Tx, npn: string): Promise<boolean> {
  const row = await tx
    .selectFrom('trainingCompletions')
    .select('npn')
    .where('npn', '=', npn)
    .executeTakeFirst();
  return row !== undefined;
}

function readAgent(tx: Tx, npn: string) {
  return tx.selectFrom('agents').select('leftBecause').where('npn', '=', npn).executeTakeFirst();
}

async function hasAccount(tx: Tx, npn: string): Promise<boolean> {
  return (
    (await tx.selectFrom('accounts').select('id').where('npn', '=', npn).executeTakeFirst()) !== undefined
  );
}
