import type { ContactWay } from '../../referrals/contact-times.ts';
import type { AttemptWay } from '../../referrals/referral.ts';
import { languageName } from '../../values/languages.ts';
import { helpContacts } from '../help-contacts.ts';
import type { Sentences } from '../sentences.ts';

/** Names of the entries of fixed lists, of notices and of channels. */
export const names: Pick<
  Sentences,
  | 'skip'
  | 'terms'
  | 'passwordFault'
  | 'contactPreference'
  | 'channel'
  | 'declineReason'
  | 'need'
  | 'outcome'
  | 'attemptWay'
  | 'problem'
  | 'contactWay'
  | 'contactTime'
  | 'outcomeReason'
  | 'noticeName'
  | 'providerOutage'
  | 'intakePaused'
  | 'adultsOnly'
  | 'quietHours'
> = {
  skip: ({ kind, value }) =>
    kind === 'language' ? `in ${languageName(value)}` : `from ZIP codes that begin with ${value}`,
  terms: {
    'terms-of-use': 'Help On Demand Terms of Use',
    'agents-and-brokers-terms-of-use': 'Help On Demand Agents and Brokers Terms of Use',
  },
  passwordFault: {
    'too-short': 'Use at least 8 characters.',
    'too-long': 'Use at most 128 characters.',
    'no-upper-case': 'Add an upper case letter.',
    'no-lower-case': 'Add a lower case letter.',
    'no-digit': 'Add a number.',
    'no-special': 'Add a special character, such as ! or #.',
    space: 'Leave out spaces.',
    repeated: 'Do not use the same character more than three times in a row.',
    sequence: 'Do not use more than three letters or numbers in sequence, such as abcd or 4321.',
    common: 'This password is a common one, or made of our own words. Choose another.',
    personal: 'Leave out your name, email address, NPN and username.',
  },
  contactPreference: {
    'email-text-app': {
      label: 'Email, Text & App Notification',
      advice: 'Recommended: it reaches you fastest, and a referral is offered to you for a short time only.',
    },
    'email-text': { label: 'Email & Text', advice: null },
    'email-app': { label: 'Email & App Notification', advice: null },
    email: {
      label: 'Email Only',
      advice: 'Notifications by email only can cause delays and lost referrals.',
    },
  },
  channel: { email: 'email', text: 'text message', push: 'app notification', voice: 'call' },
  declineReason: {
    'too-busy': 'Too busy right now',
    'not-my-area': 'Not my area',
    'conflict-of-interest': 'Conflict of interest',
    other: 'Another reason',
  },
  need: {
    'new-coverage': 'New coverage',
    renew: 'Renewing or changing coverage',
    'life-event': 'Coverage after a life event',
    'medicaid-chip': 'Medicaid or CHIP',
  },
  outcome: {
    contacted: 'Talked with the consumer',
    attempted: 'Tried to reach the consumer',
    quoted: 'Plans and prices compared',
    deferred: 'Put off until a later day',
    delayed: 'Taking longer',
    enrolled: 'Enrolled in a plan',
    'not-a-good-prospect': 'Did not enroll',
    'wrong-number': 'Wrong number or address',
    'handed-back': 'Handed back for another agent',
  },
  attemptWay: { voicemail: 'Left a voicemail', 'no-answer': 'No answer' },
  contactWay: {
    call: 'By phone',
    relay: 'By phone through a relay service (711)',
    text: 'By text message only',
    email: 'By email only',
  },
  contactTime: {
    'weekday-morning': 'Monday to Friday, 8 AM to noon',
    'weekday-afternoon': 'Monday to Friday, noon to 5 PM',
    'weekday-evening': 'Monday to Friday, 5 to 8 PM',
    weekend: 'Saturday and Sunday, 9 AM to 6 PM',
  },
  problem: {
    'not-professional': 'The agent did not behave professionally',
    'asked-for-money': 'The agent asked for money',
    'enrolled-without-consent': 'Something was changed or signed without consent',
    'kept-calling': 'The agent keeps calling',
    other: 'Another problem',
  },
  outcomeReason: {
    'waiting-for-documents': 'Waiting for documents',
    undecided: 'Has not decided yet',
    'not-eligible-for-coverage': 'Not eligible for Marketplace coverage',
    'has-other-coverage': 'Has other coverage',
    'no-longer-interested': 'No longer interested',
    'no-contact-after-attempts': 'Could not be reached after several attempts',
    'conflict-of-interest': 'Conflict of interest',
    language: 'Another language is needed',
    'cannot-help': 'Cannot help with this',
  },
  noticeName: {
    invitation: 'Invitation to register',
    'invitation-reminder': 'Reminder of the invitation',
    'registration-confirmed': 'Confirmation of the registration',
    'invitation-late': 'Why the invitation is late',
    'terms-needed': 'Terms to accept',
    'terms-reminder': 'Reminder of the terms',
    active: 'Ready for referrals',
    'active-again': 'Ready for referrals again',
    suspended: 'Referrals are suspended',
    held: 'Put on hold by the operations team',
    released: 'No longer on hold',
    'states-changed': 'States with and without referrals',
    'expiring-soon': 'Warning before something expires',
    'address-changed': 'The email address has changed',
    'status-answer': 'Answer to a status request',
    'log-in-reminder': 'Log-in reminder',
    lapsed: 'The registration has ended',
    'test-offer': 'Test offer',
    'hours-question': 'Question if the hours are still right',
    'phone-code': 'Code that confirms a phone',
    'phone-not-mobile': 'The phone cannot receive texts',
    'channel-failed': 'A channel no longer works',
    'password-reset': 'Link to a new password',
    'credentials-changed': 'Password or other log-in changed',
    'codes-refused': 'Too many wrong codes after the right password',
    'phone-changed': 'Phone changed',
    offer: 'Offer of a referral',
    'offer-nudge': 'Reminder of an unanswered offer',
    'offer-over': "The referral is no longer the agent's",
    'offer-taken': 'Another agent has taken the referral',
    'contact-reminder': 'Reminder to contact the consumer',
    'contact-code': 'Code that confirms a contact',
    'contact-change-code': 'Code that confirms a new contact',
    'contact-changed': 'A contact was changed',
    'link-resent': 'Link to the open request',
    'referral-received': 'Confirmation of the request',
    'agent-found': 'An agent will get in touch',
    'agent-tried': 'The agent tried to reach the consumer',
    'agent-gone': 'The agent is no longer available',
    'contact-wrong': 'The contact is wrong',
    unmatched: 'No agent was found',
    closed: 'The request is closed',
  },
  quietHours: 'The text waits for the end of the quiet hours.',
  adultsOnly: `We take requests from adults, and from people who are authorized to ask for somebody else. The Marketplace Call Center can help you: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}).`,
  intakePaused: `We take no new requests from your state at the moment. The Marketplace Call Center can help you: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}).`,
  providerOutage: (channel) =>
    ({
      email: 'The mail service did not accept the notice; it will be tried again.',
      text: 'The text message service did not accept the notice; it will be tried again.',
      push: 'The push service did not accept the notice; it will be tried again.',
      voice: 'The call service did not accept the notice; it will be tried again.',
    })[channel],
};

/** What an agent did who did not reach the consumer. */
export const triedWords = (how: AttemptWay | null) =>
  how === 'voicemail' ? 'left you a voicemail' : 'tried to reach you';

/** What an agent will do, by the way in which the consumer wants to be contacted. */
export const willReach: Readonly<Record<ContactWay, string>> = {
  call: 'will call you',
  relay: 'will call you through the relay service 711',
  text: 'will text you',
  email: 'will write to you by email',
};
