import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DeliverNotice } from '../activities/notifications/deliver-notice.ts';
import type { ChannelOutcome } from '../activities/notifications/deliver-over-channel.ts';
import { isBulk, type NoticeToSend, noticePriority, sendWithinMs } from '../domain/notifications/notices.ts';
import { priorityOf } from '../domain/priority.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import { activityLimits, longestRetryMs } from '../domain/time-limits.ts';
import { bulkTaskQueueOf, type Instant } from './messages.ts';

const { deliverNotice } = proxyActivities<{ deliverNotice: DeliverNotice }>({
  // each call has the class of its notice
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

/** Returns where and how a notice is sent. Bulk waits its turn in a task queue of its own, limited to the account's rate. */
function routeOf(notice: NoticeToSend) {
  const priority = noticePriority(notice);
  if (!isBulk(notice)) return { priority, retry: retries.urgent };
  return { priority, retry: retries.bulk, taskQueue: bulkTaskQueueOf(workflowInfo().taskQueue) };
}

/** Leaves time for one attempt when the deadline is only seconds away, in milliseconds. */
const minSendWindowMs = 5_000;

/** Outcome of a notice over one channel; `undelivered`: an outage lasted longer than the time to send it. */
export type DeliveryOutcome = ChannelOutcome | 'undelivered';

/**
 * Sends pending notices while the workflow goes on, each over its channels at once. A notice that is being sent is not sent
 * again, however many activity results name it; the activity itself is idempotent.
 */
export function createNotifier() {
  const inFlight = new Map<string, Promise<DeliveryOutcome[]>>();

  async function deliver(notice: NoticeToSend, until: Instant | undefined): Promise<DeliveryOutcome[]> {
    const { noticeId, kind, channels } = notice;
    const withinMs = sendWithinMs(notice);
    const remainingMs = until === undefined ? withinMs : Date.parse(until) - Date.now();
    const scheduleToCloseTimeout = Math.min(withinMs, Math.max(minSendWindowMs, remainingMs));
    const summary = sentencesIn('en').workflow.delivery({ kind, channels });
    try {
      return await deliverNotice.executeWithOptions({ scheduleToCloseTimeout, summary, ...routeOf(notice) }, [
        { noticeId, channels },
      ]);
    } catch {
      return channels.map(() => 'undelivered');
    } finally {
      inFlight.delete(noticeId);
    }
  }

  return {
    /** Starts to send, until an instant if one is given; resolves to the outcomes over all channels of all notices. */
    async send(notices: readonly NoticeToSend[], until?: Instant): Promise<DeliveryOutcome[]> {
      const deliveries = notices
        .filter(({ channels }) => channels.length > 0)
        .map((notice) => {
          const delivery = inFlight.get(notice.noticeId) ?? deliver(notice, until);
          inFlight.set(notice.noticeId, delivery);
          return delivery;
        });
      return (await Promise.all(deliveries)).flat();
    },
    /** True when no delivery is running, so that the workflow may end. */
    isDone: () => inFlight.size === 0,
  };
}
