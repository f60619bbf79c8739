import { priorityOf, type TaskPriority, type WorkClass } from '../priority.ts';
import type { Channel } from './contact.ts';

/** Recipients of notices. */
export type Recipient = 'agent' | 'consumer';

/** States of a notice over one channel, as far as its provider has reported. */
export const deliveryStatuses = [
  'pending',
  'sent',
  'delivered',
  'refused',
  'lapsed',
  'bounced',
  'complained',
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Recipient and channels of one kind of notice. */
export interface NoticeRule {
  to: Recipient;
  /** `preferred`: over every channel that the person chose; otherwise over these only. */
  over: 'preferred' | readonly Channel[];
  /** Who waits for it. `bulk` and `link`: one feed, or one day of the calendar, can cause it for every agent. */
  work: WorkClass;
  /** Answers something that the consumer just did, so that quiet hours do not delay it. */
  isAnswer?: true;
  /** The consumer asked for it over this channel, or has to receive it there, so a text needs no consent. */
  isAskedFor?: true;
  /** Dropped at an hour at which people sleep, over every channel, although it goes to an agent. */
  isDroppedInQuietHours?: true;
  /** Waits for the end of the hours at which people sleep before it rings a phone, although it goes to an agent. */
  waitsInQuietHours?: true;
}

/** Rules of every kind of notice. The sentence catalog has the words under the same name, in every language. */
export const noticeKinds = {
  invitation: { to: 'agent', over: ['email'], work: 'link' },
  'invitation-reminder': { to: 'agent', over: ['email'], work: 'link' },
  'registration-confirmed': { to: 'agent', over: ['email'], work: 'review' },
  'invitation-late': { to: 'agent', over: ['email'], work: 'bulk' },
  'terms-needed': { to: 'agent', over: ['email'], work: 'bulk' },
  'terms-reminder': { to: 'agent', over: ['email'], work: 'bulk' },
  active: { to: 'agent', over: ['email'], work: 'review' },
  'active-again': { to: 'agent', over: ['email'], work: 'bulk' },
  suspended: { to: 'agent', over: ['email'], work: 'bulk' },
  held: { to: 'agent', over: ['email'], work: 'review' },
  released: { to: 'agent', over: ['email'], work: 'review' },
  'states-changed': { to: 'agent', over: ['email'], work: 'bulk' },
  'expiring-soon': { to: 'agent', over: ['email'], work: 'bulk' },
  'address-changed': { to: 'agent', over: ['email'], work: 'review' },
  'status-answer': { to: 'agent', over: ['email'], work: 'answer' },
  'log-in-reminder': { to: 'agent', over: ['email'], work: 'answer' },
  'password-reset': { to: 'agent', over: ['email'], work: 'answer' },
  // at any hour: if it was a stranger, each minute counts
  'credentials-changed': { to: 'agent', over: ['email'], work: 'answer' },
  'codes-refused': { to: 'agent', over: ['email'], work: 'answer' },
  // by text to the former phone alone
  'phone-changed': { to: 'agent', over: ['email', 'text'], work: 'answer' },
  'phone-code': { to: 'agent', over: ['text'], work: 'answer' },
  'phone-not-mobile': { to: 'agent', over: ['email'], work: 'review' },
  // over the first of the agent's channels that still works
  'channel-failed': {
    to: 'agent',
    over: ['email', 'text', 'push'],
    work: 'review',
    waitsInQuietHours: true,
  },
  'test-offer': { to: 'agent', over: 'preferred', work: 'answer' },
  'hours-question': { to: 'agent', over: ['email'], work: 'review' },
  lapsed: { to: 'agent', over: ['email'], work: 'bulk' },
  offer: { to: 'agent', over: 'preferred', work: 'look' },
  'offer-nudge': { to: 'agent', over: 'preferred', work: 'look', isDroppedInQuietHours: true },
  'offer-over': { to: 'agent', over: 'preferred', work: 'look' },
  // over the channels that have carried the offer
  'offer-taken': { to: 'agent', over: 'preferred', work: 'look' },
  'contact-reminder': { to: 'agent', over: 'preferred', work: 'look' },
  'contact-code': {
    to: 'consumer',
    over: ['email', 'text', 'voice'],
    work: 'answer',
    isAnswer: true,
    isAskedFor: true,
  },
  'contact-change-code': {
    to: 'consumer',
    over: ['email', 'text', 'voice'],
    work: 'answer',
    isAnswer: true,
    isAskedFor: true,
  },
  // the owner of a confirmed number learns that it is no longer used, with or without consent to other texts
  'contact-changed': { to: 'consumer', over: ['email', 'text'], work: 'look', isAskedFor: true },
  'link-resent': {
    to: 'consumer',
    over: ['email', 'text'],
    work: 'answer',
    isAnswer: true,
    isAskedFor: true,
  },
  'referral-received': { to: 'consumer', over: ['email', 'text'], work: 'look', isAnswer: true },
  'agent-found': { to: 'consumer', over: ['email', 'text'], work: 'look' },
  'agent-tried': { to: 'consumer', over: ['email', 'text'], work: 'look' },
  'contact-wrong': { to: 'consumer', over: ['email', 'text'], work: 'look' },
  'agent-gone': { to: 'consumer', over: ['email', 'text'], work: 'look' },
  unmatched: { to: 'consumer', over: ['email', 'text'], work: 'look' },
  closed: { to: 'consumer', over: ['email', 'text'], work: 'look' },
} as const satisfies Record<string, NoticeRule>;

export type NoticeKind = keyof typeof noticeKinds;

/** A pending notice as a workflow sees it: ids and channels, never an address. */
export interface NoticeToSend {
  noticeId: string;
  kind: NoticeKind;
  channels: Channel[];
  /** Its recipient asked for this one, so that it does not wait among those that a feed caused. */
  isRequested?: true;
}

type Occasion = Pick<NoticeToSend, 'kind'> & { isRequested?: boolean };

const workOf = ({ kind, isRequested }: Occasion): WorkClass =>
  isRequested ? 'answer' : noticeKinds[kind].work;

/**
 * Returns whether a notice is bulk: sent from the task queue that is limited to a share of the account's rate, with
 * long delays between attempts, and for days. All other notices are urgent.
 */
export const isBulk = (notice: Occasion): boolean => ['link', 'bulk'].includes(workOf(notice));

/** Returns the place of a delivery in its task queue: a wave of one kind does not stand before the other kinds. */
export const noticePriority = (notice: Occasion): TaskPriority => priorityOf(workOf(notice), notice.kind);

const day = 24 * 60 * 60 * 1_000;

/**
 * Returns the milliseconds after which an unsent notice is no longer worth sending. Bulk has a week: at 14 mails a second,
 * of which it may use 70 percent, a notice to each of 170,000 agents takes 5 hours; at a quota of 50,000 a day, 3.4 days;
 * at 3 a second, a day. The mail of a link does not: its step waits instead, and a new link is better than a late one.
 */
export const sendWithinMs = (notice: Occasion): number => (workOf(notice) === 'bulk' ? 7 * day : day);
