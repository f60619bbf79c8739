import { ApplicationFailure } from '@temporalio/common';
import { refuse } from '../../domain/failures.ts';
import type { Channel } from '../../domain/notifications/contact.ts';
import { readNotice } from '../../store/notifications/stored-notices.ts';
import {
  type ChannelOutcome,
  createDeliverOverChannel,
  type DeliverNoticeDeps,
} from './deliver-over-channel.ts';

/** Returns the outcome of each channel, in the order of the channels. */
export type DeliverNotice = (notice: {
  noticeId: string;
  channels: readonly Channel[];
}) => Promise<ChannelOutcome[]>;

/**
 * Sends one notice over its channels at once. While one of them has to be tried again, the activity fails, although the
 * others have ended: its next attempt sends nothing over those.
 * @throws the failure of a channel, the one that asks for the earliest next attempt
 */
export function createDeliverNotice(deps: DeliverNoticeDeps): DeliverNotice {
  const deliverOver = createDeliverOverChannel(deps);
  return async ({ noticeId, channels }) => {
    const notice = await readNotice(deps.db, noticeId);
    if (!notice) refuse('not-found', 'There is no such notice.', { noticeId });
    const attempts = await Promise.allSettled(channels.map((channel) => deliverOver(notice, channel)));
    const failures = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason] : []));
    if (failures.length > 0) throw earliest(failures);
    return attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  };
}

/** Returns the failure after which the next attempt comes first. Without a delay of its own it is that of the retry policy. */
function earliest(failures: readonly unknown[]): unknown {
  const delayOf = (failure: unknown) =>
    failure instanceof ApplicationFailure ? Number(failure.nextRetryDelay ?? 0) : 0;
  return failures.toSorted((one, other) => delayOf(one) - delayOf(other))[0];
}
