import { WorkflowNotFoundError } from '@temporalio/client';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import type { Database } from '../../store/database/connection.ts';
import type { OutboxMessage } from '../../store/outbox.ts';
import { isQueued, offerUnusedCapacity } from '../../store/referrals/matching/wake-next.ts';
import { readOpenReferral } from '../../store/referrals/referrals.ts';
import {
  closeByOps,
  consentRescinded,
  factsChanged,
  matchAgain,
  noticeWorkflowId,
  offerUnreachable,
  onboardingWorkflowId,
  referralWorkflowId,
  rescindOffer,
} from '../../workflows/messages.ts';
import { type StartContext, startOnboarding, startReferral, startSendNotice } from './start-workflows.ts';

interface DispatchContext extends StartContext {
  db: Database;
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
      await startOnboarding(context, row.payload, policyOf(row.payload));
      return;
    case 'start-referral':
      await startReferral(context, row.payload, policyOf(row.payload));
      return;
    case 'wake-onboarding':
      return signalOrStart(handle.signal(factsChanged), () => startOnboarding(context, row.payload, 'once'));
    case 'wake-referral': {
      const passesOnItself = await isQueued(context.db, row.payload);
      await signalOrStart(handle.signal(matchAgain, { isQueued: passesOnItself }), () =>
        startReferral(context, row.payload, 'once'),
      );
      if (passesOnItself) return;
      // after the signal, so that a signal that has to be repeated wakes the next one once
      const wake = { ...row.payload, at: new Date(), limits: context.limits };
      return context.db.transaction().execute((tx) => offerUnusedCapacity(tx, wake));
    }
    case 'rescind-offer':
      return ignoreIfClosed(
        context,
        row.payload,
        handle.signal(rescindOffer, { offerId: row.payload.offerId }),
      );
    case 'offer-unreachable':
      return ignoreIfClosed(
        context,
        row.payload,
        handle.signal(offerUnreachable, { offerId: row.payload.offerId }),
      );
    case 'close-referral':
      return ignoreIfClosed(context, row.payload, handle.signal(closeByOps));
    case 'withdraw-referral':
      return ignoreIfClosed(context, row.payload, handle.signal(consentRescinded));
    case 'send-notice':
      return startSendNotice(context, row.payload, 'once');
    default:
      // of a later version of the service, which will relay it
      throw new Error(`Unknown type of message ${(row as OutboxMessage).type}`);
  }
}

/** `again` is set where a run of this id has ended although its row is open. */
function policyOf({ again }: { again?: true }): 'again' | 'once' {
  return again ? 'again' : 'once';
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
    if (await readOpenReferral(db, referralId)) throw error;
  }
}

async function signalOrStart(signaling: Promise<void>, start: () => Promise<unknown>): Promise<void> {
  try {
    await signaling;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await start();
  }
}
