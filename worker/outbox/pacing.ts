import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { callTemporal } from './call-temporal.ts';

/** Milliseconds between two readings of what waits: Temporal answers from a cache for 5 seconds. */
const intervalMs = 5_500;
/** An interval is spent in so many equal parts, so that it does not begin with a wave. */
const parts = 10;
/** Tasks that may wait for a worker. */
const maxWaiting = 50;
/** Messages an interval: at first, at least and at most. */
const pace = { first: 50, least: 10, most: 10_000 } as const;
/** What a page that was answered quickly adds to the pace, and what a slow one leaves of it. */
const change = { faster: 1.1, slower: 0.7 } as const;
/** How long a message may take: so many times as long as usual, and so many milliseconds more. */
const slow = { timesUsual: 3, aboveMs: 20 } as const;
/** Milliseconds for a reading. */
const callMs = 3_000;

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Says how many messages in bulk may be sent now. */
export interface Pacing {
  /** Waits until at least one may be sent, or until the stop. @returns how many, at most a page; 0 only after a stop */
  next: (pageSize: number, stopping: AbortSignal) => Promise<number>;
  /** Learns from a page that was sent how long one of its messages took, in milliseconds. */
  observe: (messageMs: number) => void;
}

/**
 * Sends messages in bulk only as fast as everything else stays quick. A message passes through this process, Postgres and
 * Temporal, so one that takes much longer than usual shows that one of them is busy: then the pace falls at once, and
 * otherwise it grows. Tasks that wait for a worker halve it, and while very many wait nothing is sent. So a person's task has
 * few before it, although all onboardings have one priority.
 * @param queue the task queue whose tasks are counted
 */
export function createPacing(temporal: Client, queue: string): Pacing {
  let readAt = Number.NEGATIVE_INFINITY;
  let pacePerInterval: number = pace.first;
  let allowed = 0;
  let sent = 0;
  let pausedUntil = 0;
  /** The shortest time of a message, which slowly forgets itself: what is usual can change. */
  let usualMs = Number.POSITIVE_INFINITY;

  async function beginInterval(stopping: AbortSignal): Promise<void> {
    const waiting = await countWaitingTasks(temporal, queue, stopping);
    // after a pause nothing is known about how busy everything is
    if (Date.now() - readAt > 3 * intervalMs) pacePerInterval = pace.first;
    if (waiting > maxWaiting) slowDown(0.5);
    allowed = waiting > 2 * maxWaiting ? 0 : pacePerInterval;
    sent = 0;
    readAt = Date.now();
  }

  function slowDown(to: number): void {
    pacePerInterval = Math.max(pace.least, pacePerInterval * to);
    allowed = Math.min(allowed, pacePerInterval);
  }

  return {
    observe(messageMs) {
      usualMs = Math.min(messageMs, usualMs * 1.01);
      if (messageMs <= slow.timesUsual * usualMs + slow.aboveMs) {
        pacePerInterval = Math.min(pace.most, pacePerInterval * change.faster);
        if (allowed > 0) allowed = pacePerInterval;
        return;
      }
      slowDown(change.slower);
      pausedUntil = Date.now() + intervalMs / parts;
    },
    async next(pageSize, stopping) {
      while (!stopping.aborted) {
        if (Date.now() - readAt >= intervalMs) await beginInterval(stopping);
        const part = Math.ceil(((Date.now() - readAt) / intervalMs) * parts + 0.01);
        const due = Math.floor((allowed * Math.min(part, parts)) / parts) - sent;
        const now = Math.min(pageSize, due);
        if (now > 0 && Date.now() >= pausedUntil) {
          sent += now;
          return now;
        }
        await sleep(intervalMs / parts, undefined, { signal: stopping }).catch(() => undefined);
      }
      return 0;
    },
  };
}

/**
 * Counts the workflow and activity tasks that wait for a worker. A server that does not count them, or refuses to, says 0:
 * what the messages themselves take is known all the same.
 */
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
  ).catch(() => [0, 0] as const);
  return workflowTasks + activityTasks;
}
