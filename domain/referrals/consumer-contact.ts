import type { ContactChannel } from '../notifications/contact.ts';
import { type NoticeKind, type NoticeRule, noticeKinds } from '../notifications/notices.ts';
import type { ContactWay } from './contact-times.ts';

/** Which contacts of a consumer there are, and the facts that decide which channels we may use now. */
export interface ConsumerReach {
  hasPhone: boolean;
  hasEmail: boolean;
  /** Since when mail to the address bounces or was reported as spam. */
  emailUndeliverableAt: Date | null;
  /** True when the consumer agreed to texts to the current phone. */
  agreesToTexts: boolean;
  /** Channels confirmed with a code. Only messages over these contain anything that the consumer typed. */
  confirmedChannels: readonly ContactChannel[];
  /** Channel that an agent reported as wrong, until it is corrected: it may reach a stranger. */
  wrongChannel: ContactChannel | undefined;
}

/** A consumer's contact, and how we may use it now. */
export interface ConsumerContact extends ConsumerReach {
  name: string;
  /** E.164. */
  phone: string | null;
  email: string | null;
}

/** What a consumer can consent to: that an agent gets the contact, and that we text. */
export const consentKinds = ['intake', 'texts'] as const;
export type ConsentKind = (typeof consentKinds)[number];

/** Who gives a consent: the consumer, an adult, or somebody who may act for them. */
export const consentGivers = ['adult', 'representative'] as const;
export type ConsentGiver = (typeof consentGivers)[number];

/** The field of a consumer's contact that each channel uses. */
export const contactFields = { text: 'phone', email: 'email' } as const satisfies Record<
  ContactChannel,
  string
>;

/** Channel behind a way of contact: calls and texts need the phone, mail the address. */
export function channelOfWay(way: ContactWay): ContactChannel {
  return way === 'email' ? 'email' : 'text';
}

/**
 * Finds the reason why a notice may not go over a channel; undefined: it may.
 *
 * Checked when the notice is created and again when it is sent, because a number can be reported as wrong or replaced in
 * between. A text that the consumer just asked for needs no consent (docs/decisions/0020-texts-to-consumers.md). A notice that asks to correct
 * a wrong contact may still go to the email address, never to the number.
 */
export function channelObstacle(
  channel: ContactChannel,
  kind: NoticeKind,
  { wrongChannel, agreesToTexts }: ConsumerReach,
): 'contact-wrong' | 'no-consent' | undefined {
  const isQuestion = kind === 'contact-wrong' && channel === 'email';
  if (channel === wrongChannel && !isQuestion) return 'contact-wrong';
  const { isAskedFor }: NoticeRule = noticeKinds[kind];
  return channel === 'text' && !agreesToTexts && !isAskedFor ? 'no-consent' : undefined;
}

/**
 * Chooses the channel of a notice to a consumer: mail, or text if there is no address, it is wrong, or mail to it
 * bounced. Without either the consumer sees the news on the status page only.
 */
export function channelsToConsumer(kind: NoticeKind, contact: ConsumerReach): ContactChannel[] {
  const { hasPhone, hasEmail, emailUndeliverableAt, wrongChannel } = contact;
  const isOpen = { email: hasEmail && emailUndeliverableAt === null, text: hasPhone };
  const order = wrongChannel === 'email' ? (['text', 'email'] as const) : (['email', 'text'] as const);
  return order.filter((channel) => isOpen[channel] && !channelObstacle(channel, kind, contact)).slice(0, 1);
}
