import type { ContactChannel } from '../notifications/contact.ts';
import { type NoticeKind, type NoticeRule, noticeKinds } from '../notifications/notices.ts';
import type { ContactWay } from './contact-times.ts';

/** Who asks for help, and all that decides how we may write there now. */
export interface ConsumerContact {
  name: string;
  /** E.164. */
  phone: string | null;
  email: string | null;
  /** Mail to the address came back, or was complained of. */
  emailUndeliverableAt: Date | null;
  /** Of the phone that is there now. */
  agreesToTexts: boolean;
  /** Where a code that was sent there has been entered: only there do messages hold what the consumer typed. */
  confirmedChannels: readonly ContactChannel[];
  /** What an agent reported as wrong, until it is corrected: it is somebody else's. */
  wrongChannel: ContactChannel | undefined;
}

/** What a consumer can consent to: that an agent gets the contact, and that we text. */
export type ConsentKind = 'intake' | 'texts';

/** What of a consumer's contact each channel goes to. */
export const contactFields = { text: 'phone', email: 'email' } as const satisfies Record<
  ContactChannel,
  string
>;

/** What a way of reaching a consumer stands on: the phone or the address. */
export function channelOfWay(way: ContactWay): ContactChannel {
  return way === 'email' ? 'email' : 'text';
}

/**
 * Why a notice may not go over a channel, when it is written down and again when it is sent: in between a number can be
 * reported as wrong, or replaced. What was asked for at that moment is texted without a consent (decision 0020). Whether
 * it is right at all can be asked at an address, never at a number.
 */
export function channelObstacle(
  channel: ContactChannel,
  kind: NoticeKind,
  { wrongChannel, agreesToTexts }: ConsumerContact,
): 'contact-wrong' | 'no-consent' | undefined {
  const isQuestion = kind === 'contact-wrong' && channel === 'email';
  if (channel === wrongChannel && !isQuestion) return 'contact-wrong';
  const { isAskedFor }: NoticeRule = noticeKinds[kind];
  return channel === 'text' && !agreesToTexts && !isAskedFor ? 'no-consent' : undefined;
}

/**
 * A consumer is told by mail; by text where there is no address, or it is wrong, or mail to it came back. Without either
 * the status page tells.
 */
export function channelsToConsumer(kind: NoticeKind, contact: ConsumerContact): ContactChannel[] {
  const { phone, email, emailUndeliverableAt, wrongChannel } = contact;
  const isOpen = { email: email !== null && emailUndeliverableAt === null, text: phone !== null };
  const order = wrongChannel === 'email' ? (['text', 'email'] as const) : (['email', 'text'] as const);
  return order.filter((channel) => isOpen[channel] && !channelObstacle(channel, kind, contact)).slice(0, 1);
}
