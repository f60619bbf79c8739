import type { Channel } from './contact.ts';

/** Recipients of notices. */
export type Recipient = 'agent' | 'consumer';

/** Recipient and channels of one kind of notice. */
export interface NoticeRule {
  to: Recipient;
  /** `preferred`: over every channel that the person chose; otherwise over these only. */
  over: 'preferred' | readonly Channel[];
  /** Answers something that the consumer just did, so that quiet hours do not delay it. */
  isAnswer?: true;
  /** The consumer asked for it over this channel, or has to receive it there, so a text needs no consent. */
  isAskedFor?: true;
}

/** Rules of every kind of notice. The sentence catalog has the words under the same name, in every language. */
export const noticeKinds = {
  invitation: { to: 'agent', over: ['email'] },
  'invitation-reminder': { to: 'agent', over: ['email'] },
  'registration-confirmed': { to: 'agent', over: ['email'] },
  'invitation-late': { to: 'agent', over: ['email'] },
  'terms-needed': { to: 'agent', over: ['email'] },
  'terms-reminder': { to: 'agent', over: ['email'] },
  active: { to: 'agent', over: ['email'] },
  'active-again': { to: 'agent', over: ['email'] },
  suspended: { to: 'agent', over: ['email'] },
  'states-changed': { to: 'agent', over: ['email'] },
  'expiring-soon': { to: 'agent', over: ['email'] },
  'address-changed': { to: 'agent', over: ['email'] },
  'status-answer': { to: 'agent', over: ['email'] },
  'log-in-reminder': { to: 'agent', over: ['email'] },
  'phone-code': { to: 'agent', over: ['text'] },
  'phone-not-mobile': { to: 'agent', over: ['email'] },
  lapsed: { to: 'agent', over: ['email'] },
  offer: { to: 'agent', over: 'preferred' },
  'offer-over': { to: 'agent', over: 'preferred' },
  'contact-reminder': { to: 'agent', over: 'preferred' },
  'contact-code': { to: 'consumer', over: ['email', 'text', 'voice'], isAnswer: true, isAskedFor: true },
  'contact-change-code': {
    to: 'consumer',
    over: ['email', 'text', 'voice'],
    isAnswer: true,
    isAskedFor: true,
  },
  // the owner of a confirmed number learns that it is no longer used, with or without consent to other texts
  'contact-changed': { to: 'consumer', over: ['email', 'text'], isAskedFor: true },
  'link-resent': { to: 'consumer', over: ['email', 'text'], isAnswer: true, isAskedFor: true },
  'referral-received': { to: 'consumer', over: ['email', 'text'], isAnswer: true },
  'agent-found': { to: 'consumer', over: ['email', 'text'] },
  'contact-wrong': { to: 'consumer', over: ['email', 'text'] },
  'agent-gone': { to: 'consumer', over: ['email', 'text'] },
  unmatched: { to: 'consumer', over: ['email', 'text'] },
  closed: { to: 'consumer', over: ['email', 'text'] },
} as const satisfies Record<string, NoticeRule>;

export type NoticeKind = keyof typeof noticeKinds;

/** Milliseconds after which an unsent notice is no longer worth sending. */
export const sendWithinMs = 24 * 60 * 60 * 1000;

/** A pending notice as a workflow sees it: ids and channels, never an address. */
export interface NoticeToSend {
  noticeId: string;
  kind: NoticeKind;
  channels: Channel[];
}
