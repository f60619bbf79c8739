import {
  createDeliverNotices,
  type NoticeToDeliver,
} from '../../activities/notifications/deliver-notices.ts';
import type {
  ChannelOutcome,
  DeliverNoticeDeps,
} from '../../activities/notifications/deliver-over-channel.ts';

/** Delivers a single notice. */
export type DeliverOne = (notice: NoticeToDeliver) => Promise<ChannelOutcome[]>;

export function createDeliverOne(deps: DeliverNoticeDeps): DeliverOne {
  const deliver = createDeliverNotices(deps);
  return ({ noticeId, channels }) => deliver({ notices: [{ noticeId, channels }] });
}
