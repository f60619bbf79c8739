import type { Channel } from './contact.ts';

/** Who a notice is for. */
export type Recipient = 'agent' | 'consumer';

/** How one kind of notice travels. */
export interface NoticeRule {
  to: Recipient;
  /** `preferred`: over every channel the person chose; otherwise over these alone. */
  over: 'preferred' | readonly Channel[];
  /** Answers what a consumer did a moment ago, who therefore waits for it: quiet hours do not keep it back. */
  isAnswer?: true;
  /** The consumer asked for it over this very channel, or has to know of it there: texts of it need no consent. */
  isAskedFor?: true;
}

/**
 * One row for each kind of notice: to whom and over which channels. Its words are in the sentence catalog under
 * the same name, in every language of the catalog.
 */
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
  'ending-soon': { to: 'agent', over: ['email'] },
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
  // whoever confirmed a number here is told that it is used no longer, with consent to other texts or without
  'contact-changed': { to: 'consumer', over: ['email', 'text'], isAskedFor: true },
  'link-again': { to: 'consumer', over: ['email', 'text'], isAnswer: true, isAskedFor: true },
  'referral-received': { to: 'consumer', over: ['email', 'text'], isAnswer: true },
  'agent-found': { to: 'consumer', over: ['email', 'text'] },
  'contact-wrong': { to: 'consumer', over: ['email', 'text'] },
  'agent-gone': { to: 'consumer', over: ['email', 'text'] },
  unmatched: { to: 'consumer', over: ['email', 'text'] },
  closed: { to: 'consumer', over: ['email', 'text'] },
} as const satisfies Record<string, NoticeRule>;

export type NoticeKind = keyof typeof noticeKinds;

/** A message that could not be given to a provider for a day has lost its sense. */
export const sendWithinMs = 24 * 60 * 60 * 1000;

/** A notice that waits to be sent, as a workflow knows it: ids and channels, never an address. */
export interface NoticeToSend {
  noticeId: string;
  kind: NoticeKind;
  channels: Channel[];
}
