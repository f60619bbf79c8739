import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Need } from '../../domain/referrals/referral.ts';
import { sentencesIn } from '../../domain/text/catalog.ts';
import type { CapacityLimits } from '../../store/agents/serving.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { OutboxMessage } from '../../store/outbox.ts';
import { wakeNextReferral } from '../../store/referrals/wake-next.ts';
import {
  close,
  consentRescinded,
  factsChanged,
  lookAgain,
  noticeWorkflowId,
  onboardingWorkflowId,
  referralWorkflowId,
  rescind,
  unreachable,
} from '../../workflows/messages.ts';
import type { onboarding } from '../../workflows/onboarding.ts';
import type { referral } from '../../workflows/referral.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import type { telling } from '../../workflows/send-notice.ts';

interface DispatchContext {
  db: Tx;
  temporal: Client;
  taskQueue: string;
  limits: CapacityLimits;
}

/** Returns the id of the workflow that a message is for. */
export function workflowIdOf(row: OutboxMessage): string {
  if ('noticeId' in row.payload) return noticeWorkflowId(row.payload);
  return 'npn' in row.payload ? onboardingWorkflowId(row.payload) : referralWorkflowId(row.payload);
}

/**
 * Starts or signals the workflow of one outbox message. A `wake-…` message also starts a missing workflow, unless its row
 * is closed: then Postgres answers for it and nothing is started again (docs/architecture.md, rule 4).
 * @throws when Temporal cannot be reached, or when the workflow of an open referral is missing for another type of
 * message; the relay tries the message again
 */
export async function dispatch(context: DispatchContext, row: OutboxMessage): Promise<void> {
  const handle = context.temporal.workflow.getHandle(workflowIdOf(row));
  switch (row.type) {
    case 'start-onboarding':
      return startOnboarding(context, row.payload);
    case 'start-referral':
      return startReferral(context, row.payload);
    case 'wake-onboarding':
      return signalOrStart(handle.signal(factsChanged), () => startOnboarding(context, row.payload));
    case 'wake-referral':
      await signalOrStart(handle.signal(lookAgain), () => startReferral(context, row.payload));
      return offerCapacityToNext(context, row.payload);
    case 'rescind-offer':
      return ignoreIfClosed(context, row.payload, handle.signal(rescind, { offerId: row.payload.offerId }));
    case 'offer-unreachable':
      return ignoreIfClosed(
        context,
        row.payload,
        handle.signal(unreachable, { offerId: row.payload.offerId }),
      );
    case 'close-referral':
      return ignoreIfClosed(context, row.payload, handle.signal(close));
    case 'withdraw-referral':
      return ignoreIfClosed(context, row.payload, handle.signal(consentRescinded));
    case 'tell-notice':
      return startSendNotice(context, row.payload);
  }
}

/** The policy of ordinary starts: an id is used once, and a second start finds the first. */
const startOnce = {
  workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
} as const;

/** The policy of a start after a run that ended in any way. Used only while the row is open. */
const restartClosed = {
  ...startOnce,
  workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
} as const;

async function startOnboarding(
  { db, temporal, taskQueue }: DispatchContext,
  { again, ...key }: { npn: string; planYear: number; again?: true },
): Promise<void> {
  const row = await db
    .selectFrom('onboardings')
    .select('closedAt')
    .where('npn', '=', key.npn)
    .where('planYear', '=', key.planYear)
    .executeTakeFirst();
  if (!row || row.closedAt) return;
  const options = {
    taskQueue,
    workflowId: onboardingWorkflowId(key),
    args: [{ npn: key.npn, planYear: key.planYear }] as [OnboardingId],
    staticSummary: sentencesIn('en').workflow.title.onboarding(key),
    typedSearchAttributes: [
      { key: searchAttributes.npn, value: key.npn },
      { key: searchAttributes.planYear, value: key.planYear },
    ],
  };
  // the previous run may be about to complete: in one step Temporal signals it or starts another
  if (again)
    await temporal.workflow.signalWithStart<typeof onboarding>('onboarding', {
      ...options,
      ...restartClosed,
      signal: factsChanged,
      signalArgs: [],
    });
  else
    await ignoreAlreadyStarted(
      temporal.workflow.start<typeof onboarding>('onboarding', { ...options, ...startOnce }),
    );
}

async function startReferral(
  { db, temporal, taskQueue }: DispatchContext,
  { referralId, again }: { referralId: string; again?: true },
): Promise<void> {
  const row = await db
    .selectFrom('referrals')
    .select(['closedAt', 'need', 'state'])
    .where('id', '=', referralId)
    .executeTakeFirst();
  if (!row || row.closedAt) return;
  await ignoreAlreadyStarted(
    temporal.workflow.start<typeof referral>('referral', {
      ...(again ? restartClosed : startOnce),
      taskQueue,
      workflowId: referralWorkflowId({ referralId }),
      args: [{ referralId }],
      staticSummary: sentencesIn('en').workflow.title.referral({ need: row.need as Need, state: row.state }),
      typedSearchAttributes: [{ key: searchAttributes.state, value: row.state }],
    }),
  );
}

/** Offers the freed capacity to the next referral if the one that was woken for it is no longer queued. */
async function offerCapacityToNext(
  { db, limits }: DispatchContext,
  { referralId }: { referralId: string },
): Promise<void> {
  const row = await db
    .selectFrom('referrals')
    .select(['id', 'state', 'createdAt'])
    .where('id', '=', referralId)
    .where('stage', '<>', 'queued')
    .executeTakeFirst();
  if (row) await wakeNextReferral(db, row, { at: new Date(), limits });
}

async function startSendNotice(
  { temporal, taskQueue }: DispatchContext,
  notice: NoticeToSend,
): Promise<void> {
  await ignoreAlreadyStarted(
    temporal.workflow.start<typeof telling>('telling', {
      ...startOnce,
      taskQueue,
      workflowId: noticeWorkflowId(notice),
      args: [notice],
      staticSummary: sentencesIn('en').workflow.title.notice(notice),
    }),
  );
}

async function ignoreAlreadyStarted(starting: Promise<unknown>): Promise<void> {
  try {
    await starting;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/**
 * Ignores a missing workflow if the referral is closed. If it is open, the workflow was lost: the error keeps the message
 * in the outbox until the audit has started the workflow again.
 */
async function ignoreIfClosed(
  { db }: DispatchContext,
  { referralId }: { referralId: string },
  signaling: Promise<void>,
): Promise<void> {
  try {
    await signaling;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const row = await db
      .selectFrom('referrals')
      .select('closedAt')
      .where('id', '=', referralId)
      .executeTakeFirst();
    if (row && !row.closedAt) throw error;
  }
}

async function signalOrStart(signaling: Promise<void>, start: () => Promise<void>): Promise<void> {
  try {
    await signaling;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await start();
  }
}
