import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DeliverNotices } from '../activities/notifications/deliver-notices.ts';
import type { ChannelOutcome } from '../activities/notifications/deliver-over-channel.ts';
import { isBulk, type NoticeToSend, noticePriority, sendWithinMs } from '../domain/notifications/notices.ts';
import { priorityOf } from '../domain/priority.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import { activityLimits, longestRetryMs } from '../domain/time-limits.ts';
import { bulkTaskQueueOf } from './messages.ts';

const { deliverNotices } = proxyActivities<{ deliverNotices: DeliverNotices }>({
  // each call has the class of its most urgent notice
  priority: priorityOf('bulk'),
  // a provider answers within seconds; no answer for longer is an outage
  startToCloseTimeout: activityLimits.deliveryMs,
});

/** Attempts are without limit: an outage is waited out, until `scheduleToCloseTimeout` makes the notice too late. */
const retries = {
  // the window of an offer is running
  urgent: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  // nobody waits, and 170,000 that try every 30 seconds would be 5,700 attempts a second
  bulk: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: longestRetryMs },
} as const;

/** Returns where and how notices are sent. Bulk waits its turn in a task queue of its own, limited to the account's rate. */
function routeOf(first: NoticeToSend) {
  const priority = noticePriority(first);
  if (!isBulk(first)) return { priority, retry: retries.urgent };
  return { priority, retry: retries.bulk, taskQueue: bulkTaskQueueOf(workflowInfo().taskQueue) };
}

/** Outcome of a notice over one channel; `undelivered`: an outage lasted longer than the time to send it. */
export type DeliveryOutcome = ChannelOutcome | 'undelivered';

/**
 * Sends pending notices while the workflow goes on: the urgent ones of one moment together, each over its channels, and bulk
 * one by one, at its rate. A notice that is being sent is not sent again, however many activity results name it; the
 * activity itself is idempotent.
 */
export function createNotifier() {
  const inFlight = new Set<string>();

  async function deliver(notices: readonly NoticeToSend[]): Promise<DeliveryOutcome[]> {
    const [first] = notices;
    if (!first) return [];
    for (const { noticeId } of notices) inFlight.add(noticeId);
    try {
      return await deliverNotices.executeWithOptions(
        {
          ...routeOf(first),
          scheduleToCloseTimeout: Math.max(...notices.map(sendWithinMs)),
          // the server takes 400 bytes
          summary: sentencesIn('en').workflow.delivery(notices).slice(0, 200),
        },
        [{ notices: notices.map(({ noticeId, channels }) => ({ noticeId, channels })) }],
      );
    } catch {
      return notices.flatMap(({ channels }) => channels.map(() => 'undelivered' as const));
    } finally {
      for (const { noticeId } of notices) inFlight.delete(noticeId);
    }
  }

  return {
    /** Starts to send what is not being sent; resolves to the outcomes over all channels of these notices. */
    async send(notices: readonly NoticeToSend[]): Promise<DeliveryOutcome[]> {
      const unsent = notices.filter(
        ({ noticeId, channels }) => channels.length > 0 && !inFlight.has(noticeId),
      );
      const urgent = unsent.filter((notice) => !isBulk(notice)).toSorted(byUrgency);
      const bulk = unsent.filter(isBulk).map((notice) => [notice]);
      return (await Promise.all([urgent, ...bulk].map(deliver))).flat();
    },
    /** True when no delivery is running, so that the workflow may end. */
    isDone: () => inFlight.size === 0,
  };
}

/** Sorts the notice first whose place in the task queue all get that are sent together. */
function byUrgency(one: NoticeToSend, other: NoticeToSend): number {
  return noticePriority(one).priorityKey - noticePriority(other).priorityKey;
}
