import { ApplicationFailure } from '@temporalio/common';
import type { Channel } from '../../domain/notifications/contact.ts';
import { readStoredNotices, type StoredNotice } from '../../store/notifications/stored-notices.ts';
import {
  type ChannelOutcome,
  createDeliverOverChannel,
  type DeliverNoticeDeps,
} from './deliver-over-channel.ts';

/** A notice with the channels over which it is still to be sent. */
export interface NoticeToDeliver {
  noticeId: string;
  channels: readonly Channel[];
}

type Attempt = PromiseSettledResult<ChannelOutcome>;

/** Returns the outcome of each channel of each notice, in their order. */
export type DeliverNotices = (about: { notices: readonly NoticeToDeliver[] }) => Promise<ChannelOutcome[]>;

/**
 * Sends notices, each over its channels at once. While one channel of one of them has to be tried again, the activity fails,
 * although the others have ended: its next attempt sends nothing over those.
 * @throws the failure of a channel, the one that asks for the earliest next attempt
 */
export function createDeliverNotices(deps: DeliverNoticeDeps): DeliverNotices {
  const deliverOver = createDeliverOverChannel(deps);

  async function deliver(stored: StoredNotice | undefined, channels: readonly Channel[]): Promise<Attempt[]> {
    // deleted meanwhile, with all that is known of its recipient
    if (!stored) return channels.map(() => ({ status: 'fulfilled', value: 'lapsed' }));
    return Promise.allSettled(channels.map((channel) => deliverOver(stored, channel)));
  }

  return async ({ notices }) => {
    const ids = notices.map(({ noticeId }) => noticeId);
    const stored = new Map(
      (await readStoredNotices(deps.db, deps.keyring, ids)).map((notice) => [notice.id, notice]),
    );
    const attempts = (
      await Promise.all(notices.map(({ noticeId, channels }) => deliver(stored.get(noticeId), channels)))
    ).flat();
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
