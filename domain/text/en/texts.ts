import { languageName } from '../../values/languages.ts';
import { helpContacts } from '../contacts.ts';
import type { PushSentences, TextSentences } from '../notice-data.ts';
import { names } from './names.ts';
import { at } from './times.ts';
import { willReach } from './will-reach.ts';

/** Ends the texts with which a conversation can begin. */
const optOutNotice = 'Reply STOP to end texts, HELP for help. Message and data rates may apply.';

export const textSentences: TextSentences = {
  'phone-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} is the code to confirm this phone. Log in and enter it by ${at(expiresAt, when)}. We never ask for it in a call.`,
  offer: ({ zip, city, state, language, need, expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: new referral in ${zip} ${city}, ${state}. ${languageName(language)}; ${names.need[need]}. Reply A ${replyCode} to accept or D ${replyCode} to decline by ${at(expiresAt, when)}, or open ${answerUrl}`,
  'offer-over': ({ zip, city, state, inboxUrl }) =>
    `Help On Demand: the referral in ${zip} ${city}, ${state} is no longer yours. Please do not contact the consumer. ${inboxUrl}`,
  'contact-reminder': ({ zip, city, state, contactDueAt, inboxUrl }, when) =>
    `Help On Demand: the consumer in ${zip} ${city}, ${state} waits to hear from you. Get in touch by ${at(contactDueAt, when)} and report it: ${inboxUrl}`,
  'contact-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} is the code for your request. Enter it by ${at(expiresAt, when)}. Not yours? Then ignore this. We never ask for it in a call. ${optOutNotice}`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} is the code to confirm this phone for a request. Enter it by ${at(expiresAt, when)}. Not yours? Then ignore this. We never ask for it in a call. ${optOutNotice}`,
  'contact-changed': ({ channel }) =>
    `Help On Demand: the ${channel === 'text' ? 'phone number' : 'email address'} of your request was changed. Was it not you? Open the link of our first message and withdraw the request. ${optOutNotice}`,
  'link-again': ({ statusUrl }) =>
    `Help On Demand: your request is open already. See how far we are: ${statusUrl} ${optOutNotice}`,
  'referral-received': ({ statusUrl, opensAt }, when) =>
    opensAt
      ? `Help On Demand: we have your request and look for an agent from ${at(opensAt, when)} on. See how far we are: ${statusUrl} ${optOutNotice}`
      : `Help On Demand: we have your request and are looking for an agent. See how far we are: ${statusUrl} ${optOutNotice}`,
  'agent-found': ({ agentName, npn, license, contactBy, contactDueAt, statusUrl }, when) =>
    `Help On Demand: ${agentName}, NPN ${npn}${license ? `, license ${license.state} ${license.number}` : ''}, ${willReach[contactBy]} by ${at(contactDueAt, when)}. ${statusUrl}`,
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
    body: `${zip}, ${languageName(language)}, ${names.need[need]}. Answer by ${at(expiresAt, when)}.`,
  }),
  'offer-over': ({ city, state }) => ({
    title: `No longer yours: ${city}, ${state}`,
    body: 'Please do not contact the consumer. Your inbox says why.',
  }),
  'contact-reminder': ({ city, state, contactDueAt }, when) => ({
    title: `Please get in touch: ${city}, ${state}`,
    body: `The consumer waits to hear from you until ${at(contactDueAt, when)}.`,
  }),
};
