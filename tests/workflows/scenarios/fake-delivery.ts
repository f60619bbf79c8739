import { randomUUID } from 'node:crypto';
import type { DeliverNotices, NoticeToDeliver } from '../../../activities/notifications/deliver-notices.ts';
import type { ChannelOutcome } from '../../../activities/notifications/deliver-over-channel.ts';
import type { Channel } from '../../../domain/notifications/contact.ts';
import type { NoticeKind, NoticeToSend } from '../../../domain/notifications/notices.ts';

/** An attempt to deliver one notice over one channel. */
export interface DeliveryAttempt {
  kind: NoticeKind;
  /** An NPN, or the consumer. */
  to: string;
  channel: Channel;
}

/** A delivery that the provider accepted. */
export interface SentDelivery extends DeliveryAttempt {
  at: Date;
}

interface Notice {
  noticeId: string;
  /** Id of the workflow that sends it. */
  owner: string;
  kind: NoticeKind;
  to: string;
  open: Channel[];
  isStillTrue: () => boolean;
}

interface NewNotice {
  owner: string;
  kind: NoticeKind;
  to: string;
  channels: readonly Channel[];
  /** False once sending it would mislead. Default: always true. */
  isStillTrue?: () => boolean;
}

/** Answers a delivery attempt in place of the providers; a throw is an outage. */
export type FakeProvider = (attempt: DeliveryAttempt, at: Date) => ChannelOutcome | Promise<ChannelOutcome>;

export type FakeDelivery = ReturnType<typeof createFakeDelivery>;

/**
 * Creates notices and deliveries in memory; a test chooses the providers' answers for each workflow.
 * @param onAllRefused called when every channel has refused a notice, as the outbox then tells the workflow
 */
export function createFakeDelivery(
  now: () => Promise<Date>,
  onAllRefused: (notice: { noticeId: string; owner: string }) => Promise<void>,
) {
  const notices = new Map<string, Notice>();
  const providers = new Map<string, FakeProvider>();
  const attempts = new Map<string, DeliveryAttempt[]>();
  const sent = new Map<string, SentDelivery[]>();
  const refusals = new Map<string, (attempt: DeliveryAttempt) => void>();

  const deliverNotices: DeliverNotices = async ({ notices: sending }) => {
    const ends = (await Promise.all(sending.map(deliver))).flat();
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
    return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  };

  async function deliver({ noticeId, channels }: NoticeToDeliver) {
    const notice = notices.get(noticeId);
    if (!notice) throw new Error('there is no such notice');
    const ends = await Promise.allSettled(channels.map((channel) => deliverOver(notice, channel)));
    const isRefused = (end: (typeof ends)[number]) => end.status === 'fulfilled' && end.value === 'refused';
    if (ends.every(isRefused)) await onAllRefused(notice);
    return ends;
  }

  async function deliverOver(notice: Notice, channel: Channel): Promise<ChannelOutcome> {
    if (!notice.open.includes(channel)) return 'sent';
    const { owner, kind, to } = notice;
    const attempt = { kind, to, channel };
    attempts.set(owner, [...(attempts.get(owner) ?? []), attempt]);
    if (!notice.isStillTrue()) {
      notice.open = notice.open.filter((open) => open !== channel);
      return 'lapsed';
    }
    const outcome = (await providers.get(owner)?.(attempt, await now())) ?? 'sent';
    const at = await now();
    notice.open = notice.open.filter((open) => open !== channel);
    if (outcome === 'sent') sent.set(owner, [...sentBy(owner), { ...attempt, at }]);
    if (outcome === 'refused') refusals.get(owner)?.(attempt);
    return outcome;
  }

  const sentBy = (owner: string): SentDelivery[] => sent.get(owner) ?? [];

  return {
    deliverNotices,
    /** Creates a notice. */
    write({ channels, isStillTrue = () => true, ...about }: NewNotice): NoticeToSend {
      const noticeId = randomUUID();
      notices.set(noticeId, { ...about, noticeId, open: [...channels], isStillTrue });
      return { noticeId, kind: about.kind, channels: [...channels] };
    },
    /** Notices with a channel that no provider has accepted yet, oldest first. */
    pendingOf: (owner: string): NoticeToSend[] =>
      [...notices.values()]
        .filter((notice) => notice.owner === owner && notice.open.length > 0)
        .map(({ noticeId, kind, open }) => ({ noticeId, kind, channels: [...open] })),
    sentBy,
    /** True once a notice of this kind has been tried, whatever the result. */
    hasTried: (owner: string, { kind, to }: { kind: NoticeKind; to: string }): boolean =>
      (attempts.get(owner) ?? []).some((attempt) => attempt.kind === kind && attempt.to === to),
    /** Answers this workflow's deliveries with this provider from now on. */
    useProvider: (owner: string, provider: FakeProvider) => providers.set(owner, provider),
    /** Sets how a permanently refused delivery changes the facts. */
    onRefusal: (owner: string, then: (attempt: DeliveryAttempt) => void) => refusals.set(owner, then),
  };
}
