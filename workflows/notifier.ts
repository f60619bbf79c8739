import { proxyActivities } from '@temporalio/workflow';
import type { DeliverNotice } from '../activities/notifications/deliver-notice.ts';
import type { Channel } from '../domain/notifications/contact.ts';
import { type NoticeToSend, sendWithinMs } from '../domain/notifications/notices.ts';
import { sentencesIn } from '../domain/text/catalog.ts';
import type { Instant } from './messages.ts';

const { deliverNotice } = proxyActivities<{ deliverNotice: DeliverNotice }>({
  // a provider answers within seconds; a longer silence is an outage
  startToCloseTimeout: '30 seconds',
  // an outage is sat out: soon again at first, then every half minute, until telling would come too late
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Even a window of a few seconds leaves time for an attempt. */
const minSendWindowMs = 5_000;

/** How the telling of one notice over one channel ended; `undelivered`: an outage outlasted its time. */
export type DeliveryOutcome = 'sent' | 'refused' | 'lapsed' | 'undelivered';

/**
 * Sends what is written down to be told, beside the story, which goes on meanwhile. A notice that is on its way
 * is not sent again, however many deeds name it; the activity itself sends it once.
 */
export function createNotifier() {
  const onTheirWay = new Map<string, Promise<DeliveryOutcome>>();

  async function deliver(
    { noticeId, kind }: NoticeToSend,
    channel: Channel,
    until: Instant | undefined,
  ): Promise<DeliveryOutcome> {
    const left = until === undefined ? sendWithinMs : Date.parse(until) - Date.now();
    const scheduleToCloseTimeout = Math.min(sendWithinMs, Math.max(minSendWindowMs, left));
    const summary = sentencesIn('en').workflow.delivery({ kind, channel });
    try {
      return await deliverNotice.executeWithOptions({ scheduleToCloseTimeout, summary }, [
        { noticeId, channel },
      ]);
    } catch {
      return 'undelivered';
    } finally {
      onTheirWay.delete(`${noticeId} ${channel}`);
    }
  }

  return {
    /** Starts telling, until an instant if one is given; settled with how each channel of these notices ended. */
    tell(notices: readonly NoticeToSend[], until?: Instant): Promise<DeliveryOutcome[]> {
      const deliveries = notices.flatMap((notice) =>
        notice.channels.map((channel) => {
          const key = `${notice.noticeId} ${channel}`;
          const delivery = onTheirWay.get(key) ?? deliver(notice, channel, until);
          onTheirWay.set(key, delivery);
          return delivery;
        }),
      );
      return Promise.all(deliveries);
    },
    /** True when nothing is on its way any more, so that the story may end. */
    isDone: () => onTheirWay.size === 0,
  };
}
