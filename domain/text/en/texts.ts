import { languageName } from '../../values/languages.ts';
import { helpContacts } from '../help-contacts.ts';
import { spokenDigits, uncapitalized } from '../locale-format.ts';
import type { PushSentences, SpokenSentences, TextSentences } from '../notice-data.ts';
import type { Catalog } from '../sentences.ts';
import { byChannel, failureOf, remedyOf } from './channel-failures.ts';
import { names, triedWords, willReach } from './names.ts';
import { referralSentences } from './referral.ts';
import { at, minutesLeft } from './times.ts';

/** Opt-out notice at the end of any text that can be the first one to a phone. */
const optOutNotice = 'Reply STOP to end texts, HELP for help. Message and data rates may apply.';

export const textSentences: TextSentences = {
  'phone-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} is the code to confirm this phone. Log in and enter it by ${at(expiresAt, when)}. We never ask for it in a call.`,
  offer: ({ zip, city, state, language, need, expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: new referral in ${zip} ${city}, ${state}. ${languageName(language)}; ${uncapitalized(names.need[need])}. Reply A ${replyCode} to accept or D ${replyCode} to decline by ${at(expiresAt, when)}, or open ${answerUrl}`,
  'test-offer': ({ expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: TEST, no consumer is waiting. Reply A ${replyCode} by ${at(expiresAt, when)}, or open ${answerUrl}`,
  'phone-changed': ({ changedAt, forgotUrl }, when) =>
    `Help On Demand: the phone number of your account was changed at ${at(changedAt, when)}. This phone gets no more texts. Not you? Set a new password: ${forgotUrl}`,
  'channel-failed': ({ channel, because, availabilityUrl }) =>
    `Help On Demand: ${failureOf[channel]} ${remedyOf(channel, because)} What works: ${availabilityUrl}`,
  'offer-nudge': ({ zip, city, state, expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: still waiting for you, ${minutesLeft(expiresAt, when)}: referral in ${zip} ${city}, ${state}. Reply A ${replyCode} to accept or D ${replyCode} to decline by ${at(expiresAt, when)}, or open ${answerUrl}`,
  'offer-over': ({ zip, city, state, inboxUrl }) =>
    `Help On Demand: the referral in ${zip} ${city}, ${state} is no longer yours. Please do not contact the consumer. ${inboxUrl}`,
  'offer-taken': ({ zip, city, state, takenAt }, when) =>
    `Help On Demand: the referral in ${zip} ${city}, ${state} was taken by another agent at ${at(takenAt, when)}. There is nothing to do.`,
  'contact-reminder': ({ zip, city, state, contactDueAt, inboxUrl }, when) =>
    `Help On Demand: the consumer in ${zip} ${city}, ${state} is waiting to hear from you. Get in touch by ${at(contactDueAt, when)} and report it: ${inboxUrl}`,
  'contact-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} is the code for your request. Enter it by ${at(expiresAt, when)}. Not yours? Then ignore this. We never ask for it in a call. ${optOutNotice}`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} is the code to confirm this phone for a request. Enter it by ${at(expiresAt, when)}. Not yours? Then ignore this. We never ask for it in a call. ${optOutNotice}`,
  'contact-changed': ({ channel }) =>
    `Help On Demand: the ${channel === 'text' ? 'phone number' : 'email address'} of your request was changed. Not you? Open the link in our first message and withdraw the request. ${optOutNotice}`,
  'link-resent': ({ statusUrl }) =>
    `Help On Demand: your request is already open. See where it stands: ${statusUrl} ${optOutNotice}`,
  'referral-received': ({ statusUrl, opensAt }, when) =>
    opensAt
      ? `Help On Demand: we have your request and look for an agent from ${at(opensAt, when)} on. See where it stands: ${statusUrl} ${optOutNotice}`
      : `Help On Demand: we have your request and are looking for an agent. See where it stands: ${statusUrl} ${optOutNotice}`,
  'agent-found': ({ agentName, npn, license, contactBy, contactDueAt, statusUrl }, when) =>
    `Help On Demand: ${agentName}, NPN ${npn}${license ? `, license ${license.state} ${license.number}` : ''}, ${willReach[contactBy]} by ${at(contactDueAt, when)}. ${statusUrl}`,
  'agent-tried': ({ agentName, npn, triedAt, how, nextTryAt, contactBy, statusUrl }, when) =>
    `Help On Demand: ${agentName}, NPN ${npn}, ${triedWords(how)} at ${at(triedAt, when)}${nextTryAt > when.now ? ` and ${willReach[contactBy]} again by ${at(nextTryAt, when)}` : ''}. ${statusUrl}`,
  'agent-gone': ({ agentName, statusUrl }) =>
    `Help On Demand: ${agentName} is no longer available. We are asking another agent for you. ${statusUrl}`,
  'contact-wrong': ({ statusUrl }) =>
    `Help On Demand: the agent could not reach you. Please correct your number or address: ${statusUrl}`,
  closed: ({ askUrl }) =>
    `Help On Demand: your request is closed. Nobody will get in touch about it any more. Ask again whenever you need help: ${askUrl}`,
  unmatched: ({ contactWrong, consentExpired, askUrl }) =>
    `Help On Demand: ${consentExpired ? 'the time for which you agreed that we share your contact is over, so your request is closed.' : contactWrong ? 'the agent could not reach you by the contact we have, so your request is closed.' : 'sorry, no agent was free.'} The Marketplace Call Center can help: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}. Ask again: ${askUrl}`,
};

export const pushSentences: PushSentences = {
  offer: ({ zip, city, state, language, need, expiresAt }, when) => ({
    title: `New referral: ${city}, ${state}`,
    body: `${zip}, ${languageName(language)}, ${uncapitalized(names.need[need])}. Answer by ${at(expiresAt, when)}.`,
  }),
  'test-offer': ({ expiresAt }, when) => ({
    title: 'TEST: no consumer is waiting',
    body: `Open this by ${at(expiresAt, when)}. Then we know that offers reach you here.`,
  }),
  'channel-failed': ({ channel, because }) => ({
    title: `Offers no longer reach you ${byChannel[channel]}`,
    body: `${failureOf[channel]} ${remedyOf(channel, because)}`,
  }),
  'offer-nudge': ({ city, state, expiresAt }, when) => ({
    title: `Still waiting for you: ${city}, ${state}`,
    body: `Answer by ${at(expiresAt, when)}: ${minutesLeft(expiresAt, when)}.`,
  }),
  'offer-over': ({ city, state }) => ({
    title: `No longer yours: ${city}, ${state}`,
    body: 'Please do not contact the consumer. Your inbox says why.',
  }),
  'offer-taken': ({ city, state, takenAt }, when) => ({
    title: `Taken at ${at(takenAt, when)}: ${city}, ${state}`,
    body: 'Another agent accepted this referral. There is nothing to do.',
  }),
  'contact-reminder': ({ city, state, contactDueAt }, when) => ({
    title: `Please get in touch: ${city}, ${state}`,
    body: `The consumer is waiting to hear from you. Get in touch by ${at(contactDueAt, when)}.`,
  }),
};

export const pushQuestion: Catalog['pushQuestion'] = {
  offer: {
    of: 'offer',
    actions: [
      { action: 'accept', title: 'Accept' },
      { action: 'decline', title: 'Decline' },
    ],
    replies: {
      accepted: { title: 'You have it', body: 'Open the contact and get in touch.' },
      declined: { title: 'Declined', body: 'Thank you. The next agent is asked.' },
      taken: { title: 'Somebody else has it', body: 'There is nothing to do.' },
      over: { title: 'This offer is over', body: 'Your inbox says what became of it.' },
      unsent: { title: 'Your answer did not get through', body: 'Open the offer and answer it there.' },
    },
  },
  'test-offer': {
    of: 'test-offer',
    actions: [{ action: 'confirm', title: 'It has arrived' }],
    replies: {
      confirmed: { title: 'Your test has arrived', body: 'Offers reach you on this device.' },
      over: { title: 'This test is over', body: 'You can send yourself another one.' },
      unsent: { title: 'Your answer did not get through', body: 'Open the test and answer it there.' },
    },
  },
};

/** Reads the code twice, because people need time to find a pencil. */
export const spokenSentences: SpokenSentences = {
  'contact-code': ({ code, expiresAt }, when) =>
    `Hello. This is Help On Demand, with the code for your request for help with health coverage. Your code is ${spokenDigits(code)}. Again, your code is ${spokenDigits(code)}. Enter it on the page where you asked for help, by ${at(expiresAt, when)}. Did you not ask for help? Then please hang up: without the code nothing happens. We will never ask you for the code. Goodbye.`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Hello. This is Help On Demand, with the code to confirm this phone for a request for help with health coverage. The code is ${spokenDigits(code)}. Again, the code is ${spokenDigits(code)}. Enter it on the page of the request, by ${at(expiresAt, when)}. Is this not your request? Then please hang up: without the code nothing changes. We will never ask you for the code. Goodbye.`,
};

export const textAnswer: Catalog['textAnswer'] = {
  stopped: 'Help On Demand: you will get no more texts from us. Reply START to get them again.',
  'stopped-for-now':
    'Help On Demand: we could not read your reply, so we send no more texts for now. Reply START to get them again, HELP for help.',
  started: 'Help On Demand: you get texts about referrals again. Reply STOP to end them, HELP for help.',
  help: `Help On Demand: texts about referrals. Consumers: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}. Agents: ${helpContacts.helpDesk}. Reply STOP to end texts. Rates may apply.`,
  'offer-accepted':
    'Help On Demand: the referral is yours. Please log in for the name and the contact, and get in touch soon.',
  'offer-declined': 'Help On Demand: thank you. We ask the next agent.',
  'offer-over': 'Help On Demand: this offer is over. Please log in; your inbox says what became of it.',
  'test-arrived': 'Help On Demand: your test has arrived. Offers by text reach you.',
  'answer-in-inbox':
    'Help On Demand: we could not process that reply. Please log in and answer the offer in your inbox.',
  'answer-on-its-way':
    'Help On Demand: we are recording your answer. Please log in and see in your inbox what came of it.',
  'how-to-answer':
    'Help On Demand: to answer an offer, reply A and its code to accept or D and its code to decline. The code is in our text.',
};

export const howToAnswer: Catalog['howToAnswer'] = (code) =>
  `Help On Demand: to accept the referral, reply A ${code}. To decline it, reply D ${code}.`;

export const lateTextAnswer: Catalog['lateTextAnswer'] = (end, moment) =>
  `Help On Demand: ${referralSentences.offerEnd[end].agent(moment)}`;
