import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { callTemporal } from './call-temporal.ts';

/** Milliseconds between two readings: Temporal answers from a cache for 5 seconds. */
const intervalMs = 5_500;
/** An interval is spent in so many equal parts, so that it does not begin with a wave. */
const parts = 10;
/** Tasks that may wait for a worker: about what one works off in a few seconds. */
const maxWaiting = 300;
/** Messages of the first interval, those added for each interval in which the workers kept up, and the most. */
const pace = { first: 200, step: 200, most: 10_000 } as const;
/** Milliseconds for a reading. */
const callMs = 3_000;

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Says how many messages in bulk may be sent now. */
export interface Pacing {
  /** Waits until at least one may be sent, or until the stop. @returns how many, at most a page; 0 only after a stop */
  next: (pageSize: number, stopping: AbortSignal) => Promise<number>;
}

/**
 * Sends messages in bulk as fast as the workers keep up, seen by the tasks that wait for one. The pace grows by a step while
 * few wait, and is halved while many do; while very many do, nothing is sent. A task of an agent who waits for their
 * registration then has few before it, although all onboardings have one priority.
 * @param queue the task queue whose tasks are counted
 */
export function createPacing(temporal: Client, queue: string): Pacing {
  let readAt = Number.NEGATIVE_INFINITY;
  let pacePerInterval: number = pace.first;
  let allowed = 0;
  let sent = 0;

  async function beginInterval(stopping: AbortSignal): Promise<void> {
    const waiting = await countWaitingTasks(temporal, queue, stopping);
    // after a pause nothing is known about how fast the workers are
    if (Date.now() - readAt > 3 * intervalMs) pacePerInterval = pace.first;
    else if (waiting > maxWaiting) pacePerInterval = Math.max(pace.first / 4, pacePerInterval / 2);
    else pacePerInterval = Math.min(pace.most, pacePerInterval + pace.step);
    allowed = waiting > 2 * maxWaiting ? 0 : pacePerInterval;
    sent = 0;
    readAt = Date.now();
  }

  return {
    async next(pageSize, stopping) {
      while (!stopping.aborted) {
        if (Date.now() - readAt >= intervalMs) await beginInterval(stopping);
        const part = Math.ceil(((Date.now() - readAt) / intervalMs) * parts + 0.01);
        const due = Math.floor((allowed * Math.min(part, parts)) / parts) - sent;
        const now = Math.min(pageSize, due);
        if (now > 0) {
          sent += now;
          return now;
        }
        await sleep(intervalMs / parts, undefined, { signal: stopping }).catch(() => undefined);
      }
      return 0;
    },
  };
}

/** Counts the workflow and activity tasks that wait for a worker. A server that does not count them says 0. */
async function countWaitingTasks(temporal: Client, queue: string, stopping: AbortSignal): Promise<number> {
  const { workflowService, options } = temporal;
  const countOf = async (taskQueueType: proto.temporal.api.enums.v1.TaskQueueType) => {
    const request = {
      namespace: options.namespace,
      taskQueue: { name: queue },
      taskQueueType,
      reportStats: true,
    };
    const { stats } = await workflowService.describeTaskQueue(request);
    return Number(stats?.approximateBacklogCount ?? 0);
  };
  const [workflowTasks, activityTasks] = await callTemporal(temporal, { withinMs: callMs, stopping }, () =>
    Promise.all([
      countOf(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
      countOf(TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ]),
  );
  return workflowTasks + activityTasks;
}
