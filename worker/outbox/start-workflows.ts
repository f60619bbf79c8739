import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { type NoticeToSend, noticePriority } from '../../domain/notifications/notices.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { priorityOf } from '../../domain/priority.ts';
import { sentencesIn } from '../../domain/text/catalog.ts';
import type { Tx } from '../../store/database/connection.ts';
import { isOnboardingOpen } from '../../store/onboarding/onboardings.ts';
import { readOpenReferral } from '../../store/referrals/referrals.ts';
import {
  factsChanged,
  noticeWorkflowId,
  onboardingWorkflowId,
  type ReferralId,
  referralWorkflowId,
} from '../../workflows/messages.ts';
import type { onboarding } from '../../workflows/onboarding.ts';
import type { referral } from '../../workflows/referral.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import type { sendNotice } from '../../workflows/send-notice.ts';

export interface StartContext {
  db: Tx;
  temporal: Client;
  taskQueue: string;
}

/** What a start does if there is, or was, a run of the same id (docs/architecture.md, rule 4). */
export const startPolicies = {
  /** An id is used once, and a second start finds the first. */
  once: {
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  },
  /** Starts again after a run that ended in any way. */
  again: {
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  },
  /** Ends the open run, if there is one, and starts another in the same step. */
  replace: {
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.TERMINATE_EXISTING,
  },
} as const;
export type StartPolicy = keyof typeof startPolicies;

/**
 * Starts the workflow of an onboarding. Under `again`, a previous run may be about to complete: in one step Temporal
 * signals it or starts another.
 * @returns false if the row is closed, so that nothing is started: Postgres answers for it
 */
export async function startOnboarding(
  { db, temporal, taskQueue }: StartContext,
  { npn, planYear }: OnboardingId,
  policy: StartPolicy,
): Promise<boolean> {
  if (!(await isOnboardingOpen(db, { npn, planYear }))) return false;
  const options = {
    ...startPolicies[policy],
    taskQueue,
    workflowId: onboardingWorkflowId({ npn, planYear }),
    args: [{ npn, planYear }] as [OnboardingId],
    priority: priorityOf('review'),
    staticSummary: sentencesIn('en').workflow.title.onboarding({ npn, planYear }),
    typedSearchAttributes: [
      { key: searchAttributes.npn, value: npn },
      { key: searchAttributes.planYear, value: planYear },
    ],
  };
  if (policy === 'again')
    await temporal.workflow.signalWithStart<typeof onboarding>('onboarding', {
      ...options,
      signal: factsChanged,
      signalArgs: [],
    });
  else await ignoreAlreadyStarted(temporal.workflow.start<typeof onboarding>('onboarding', options));
  return true;
}

/**
 * Starts the workflow of a referral.
 * @returns false if the row is closed, so that nothing is started: Postgres answers for it
 */
export async function startReferral(
  { db, temporal, taskQueue }: StartContext,
  { referralId }: ReferralId,
  policy: StartPolicy,
): Promise<boolean> {
  const row = await readOpenReferral(db, referralId);
  if (!row) return false;
  await ignoreAlreadyStarted(
    temporal.workflow.start<typeof referral>('referral', {
      ...startPolicies[policy],
      taskQueue,
      workflowId: referralWorkflowId({ referralId }),
      args: [{ referralId }],
      // its workflow tasks carry answers as well as looks
      priority: priorityOf('answer'),
      staticSummary: sentencesIn('en').workflow.title.referral({ need: row.need, state: row.state }),
      typedSearchAttributes: [{ key: searchAttributes.state, value: row.state }],
    }),
  );
  return true;
}

/** Starts the workflow that sends one notice. */
export async function startSendNotice(
  { temporal, taskQueue }: Omit<StartContext, 'db'>,
  notice: NoticeToSend,
  policy: StartPolicy,
): Promise<void> {
  await ignoreAlreadyStarted(
    temporal.workflow.start<typeof sendNotice>('sendNotice', {
      ...startPolicies[policy],
      taskQueue,
      workflowId: noticeWorkflowId(notice),
      args: [notice],
      priority: noticePriority(notice),
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
