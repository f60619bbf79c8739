import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Database } from '../../store/database/connection.ts';
import {
  enqueuePendingNotices,
  findNoticeWithoutWorkflow,
} from '../../store/notifications/pending-notices.ts';
import { enqueueRequestedEnds } from '../../store/referrals/requested-ends.ts';
import { readWorkflowFormat, saveWorkflowFormat } from '../../store/workflow-format.ts';
import { subjectOfWorkflowId, type WorkflowSubject, workflowFormat } from '../../workflows/messages.ts';
import {
  type StartContext,
  startOnboarding,
  startReferral,
  startSendNotice,
} from '../outbox/start-workflows.ts';

/** Number of workflows that are restarted at once. */
const atOnce = 20;

export interface RestartContext extends StartContext {
  db: Database;
  log: { info: (values: object, message: string) => void };
}

/** Counts of open runs: `ended` are those without an open row, such as runs of a schedule. */
export interface RestartCounts {
  restarted: number;
  ended: number;
}

/**
 * Restarts every open workflow from its row, if a version of the service with another format started it. The stage, the
 * deadlines and what was sent are rows, so a restarted workflow continues where it was. Safe to repeat: the format is
 * saved at the end, and an interrupted restart begins again. Workers of the earlier version must have stopped.
 * @returns undefined if the open workflows have this version's format
 */
export async function upgradeWorkflows(context: RestartContext): Promise<RestartCounts | undefined> {
  const { db, log } = context;
  const format = await readWorkflowFormat(db);
  if (format >= workflowFormat) return undefined;
  const counts = await restartWorkflows(context);
  await saveWorkflowFormat(db, workflowFormat);
  log.info(
    { ...counts, formatBefore: format, formatNow: workflowFormat },
    'Open workflows restarted from their rows',
  );
  return counts;
}

/** Refuses to work on open workflows of another format: their histories would not replay. */
export async function assertWorkflowFormat(db: Database): Promise<void> {
  const format = await readWorkflowFormat(db);
  if (format < workflowFormat)
    throw new Error(
      `open workflows were started by an earlier version (format ${format}, this version has ${workflowFormat}): run npm run upgrade first`,
    );
  if (format > workflowFormat)
    throw new Error(
      `open workflows were started by a later version (format ${format}, this version has ${workflowFormat}): run that version`,
    );
}

async function restartWorkflows(context: RestartContext): Promise<RestartCounts> {
  const { temporal, taskQueue } = context;
  const counts: RestartCounts = { restarted: 0, ended: 0 };
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  let batch: string[] = [];
  const restartBatch = async () => {
    const restarted = await Promise.all(batch.map((workflowId) => restart(context, workflowId)));
    for (const isRestarted of restarted) counts[isRestarted ? 'restarted' : 'ended'] += 1;
    batch = [];
  };
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1_000 })) {
    batch.push(workflowId);
    if (batch.length === atOnce) await restartBatch();
  }
  await restartBatch();
  return counts;
}

/** Restarts one workflow. Without an open row it is only ended, and the outbox has its pending notices sent. */
async function restart(context: RestartContext, workflowId: string): Promise<boolean> {
  const subject = subjectOfWorkflowId(workflowId);
  if (subject && (await startAnew(context, subject))) return true;
  // before the run is ended: an interrupted upgrade would not find it again
  if (subject && !('noticeId' in subject))
    await context.db.transaction().execute((tx) => enqueuePendingNotices(tx, subject));
  await endRun(context.temporal, workflowId);
  return false;
}

async function startAnew(context: RestartContext, subject: WorkflowSubject): Promise<boolean> {
  const { db } = context;
  if ('npn' in subject) return startOnboarding(context, subject, 'replace');
  if ('noticeId' in subject) {
    const notice = await findNoticeWithoutWorkflow(db, subject.noticeId);
    if (notice) await startSendNotice(context, notice, 'replace');
    return notice !== undefined;
  }
  if (!(await startReferral(context, subject, 'replace'))) return false;
  // signals that the ended run had not handled yet
  await db.transaction().execute((tx) => enqueueRequestedEnds(tx, subject.referralId));
  return true;
}

async function endRun(temporal: Client, workflowId: string): Promise<void> {
  try {
    await temporal.workflow.getHandle(workflowId).terminate('Restarted from its row by npm run upgrade');
  } catch (error) {
    // it has completed meanwhile
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
