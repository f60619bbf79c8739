import { isDeepStrictEqual } from 'node:util';
import {
  type Client,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { priorityOf, type TaskPriority } from '../../domain/priority.ts';
import { taskQueue } from '../../workflows/messages.ts';

/** Intervals of the scheduled workflows, in milliseconds; undefined turns one off. */
export interface ScheduleSettings {
  reviewEveryMs: number | undefined;
  pullEveryMs: number | undefined;
  auditEveryMs: number | undefined;
}

interface ScheduledWorkflow {
  id: string;
  workflowType: string;
  everyMs: number | undefined;
}

const scheduledWorkflows = (settings: ScheduleSettings): ScheduledWorkflow[] => [
  { id: 'review-all', workflowType: 'reviewAll', everyMs: settings.reviewEveryMs },
  { id: 'pull-registrations', workflowType: 'pullRegistrations', everyMs: settings.pullEveryMs },
  { id: 'audit', workflowType: 'audit', everyMs: settings.auditEveryMs },
];

/**
 * Time after which a run of any schedule is ended, in milliseconds. While one hangs, such as one that a release cannot
 * replay, no other begins; a review of everyone after a release takes minutes.
 */
const runTimeoutMs = 24 * 60 * 60 * 1_000;

/** Ids that schedules had in earlier versions. */
const formerIds = ['review-everyone', 'pull-list'] as const;

/**
 * Creates, updates and deletes the schedules as the settings say. One that is right is left. Safe to repeat. While a run
 * lasts longer than its interval, the next one is skipped.
 */
export async function syncSchedules(
  client: Client,
  settings: ScheduleSettings,
  queue: string = taskQueue,
): Promise<void> {
  for (const id of formerIds) await deleteSchedule(client, scheduleIdOf(id, queue));
  for (const { id, workflowType, everyMs } of scheduledWorkflows(settings)) {
    const scheduleId = scheduleIdOf(id, queue);
    if (everyMs === undefined) await deleteSchedule(client, scheduleId);
    else await createOrUpdateSchedule(client, { scheduleId, workflowType, everyMs, queue });
  }
}

function scheduleIdOf(id: string, queue: string): string {
  return queue === taskQueue ? id : `${id}-${queue}`;
}

async function createOrUpdateSchedule(
  client: Client,
  about: { scheduleId: string; workflowType: string; everyMs: number; queue: string },
): Promise<void> {
  const { scheduleId, workflowType, everyMs, queue } = about;
  const spec = { intervals: [{ every: everyMs }] };
  const action = {
    type: 'startWorkflow',
    workflowType,
    workflowId: scheduleId,
    taskQueue: queue,
    priority: priorityOf('bulk', workflowType),
    workflowRunTimeout: runTimeoutMs,
    args: [],
  } as const;
  // after an outage a missed run is made up for once, not as often as it was missed
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs } as const;
  const present = await readSchedule(client, scheduleId);
  if (present === undefined) await client.schedule.create({ scheduleId, spec, action, policies });
  else if (!hasAll(present, { spec, action, policies }))
    await client.schedule
      .getHandle(scheduleId)
      .update((before) => ({ ...before, spec, action, policies: { ...before.policies, ...policies } }));
}

/** True when a schedule already has every value that is wanted of it. */
function hasAll(
  { spec, action, policies }: ScheduleDescription,
  wanted: {
    spec: { intervals: { every: number }[] };
    action: Record<string, unknown> & { priority: TaskPriority };
    policies: Record<string, unknown>;
  },
): boolean {
  const intervals = spec.intervals?.map(({ every }) => ({ every }));
  // it is read with a weight as well, which is not set here
  const priority = { ...action.priority, ...wanted.action.priority };
  return (
    isDeepStrictEqual({ intervals }, wanted.spec) &&
    isDeepStrictEqual({ ...action, ...wanted.action, priority }, { ...action }) &&
    isDeepStrictEqual({ ...policies, ...wanted.policies }, { ...policies })
  );
}

async function deleteSchedule(client: Client, scheduleId: string): Promise<void> {
  if (await readSchedule(client, scheduleId)) await client.schedule.getHandle(scheduleId).delete();
}

/** Reads a schedule; undefined if there is none. */
async function readSchedule(client: Client, scheduleId: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(scheduleId).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
