import { helpContacts } from '../contacts.ts';
import type { Sentences } from '../types.ts';
import { referralSentences } from './referral.ts';

export const textAnswer: Sentences['textAnswer'] = {
  stopped: 'Help On Demand: you will get no more texts from us. Reply START to get them again.',
  'stopped-for-now':
    'Help On Demand: we could not read your reply and send no more texts for now. Reply START to get them again, HELP for help.',
  started: 'Help On Demand: you get texts about referrals again. Reply STOP to end them, HELP for help.',
  help: `Help On Demand: texts about referrals. Consumers: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}. Agents: ${helpContacts.helpDesk}. Reply STOP to end texts. Rates may apply.`,
  'offer-accepted':
    'Help On Demand: the referral is yours. Please log in for the name and the contact, and get in touch soon.',
  'offer-declined': 'Help On Demand: thank you. The next agent is asked.',
  'offer-over': 'Help On Demand: this offer is over. Please log in; your inbox says what became of it.',
  'answer-in-inbox':
    'Help On Demand: this reply could not be taken. Please log in and answer the offer in your inbox.',
  'answer-on-its-way':
    'Help On Demand: we are recording your answer. Please log in and see in your inbox what came of it.',
  'how-to-answer':
    'Help On Demand: to answer an offer, reply A and its code to accept or D and its code to decline. The code is in our text.',
};

export const howToAnswer: Sentences['howToAnswer'] = (code) =>
  `Help On Demand: to accept the referral, reply A ${code}. To decline it, reply D ${code}.`;

export const lateTextAnswer: Sentences['lateTextAnswer'] = (end, moment) =>
  `Help On Demand: ${referralSentences.offerEnd[end].agent(moment)}`;
