import { languageName } from '../../values/languages.ts';
import { helpContacts } from '../help-contacts.ts';
import { linked, phoneLink } from '../linked.ts';
import type { MailSentences } from '../notice-data.ts';
import { agentFooter, consumerFooter, hello } from './mail-parts.ts';
import { names, triedWords, willReach } from './names.ts';
import { referralSentences } from './referral.ts';
import { at, atInFull, minutesLeft } from './times.ts';

export const mailAboutReferrals: Pick<
  MailSentences,
  | 'offer'
  | 'offer-nudge'
  | 'offer-over'
  | 'offer-taken'
  | 'contact-reminder'
  | 'contact-code'
  | 'contact-change-code'
  | 'contact-changed'
  | 'link-resent'
  | 'referral-received'
  | 'agent-found'
  | 'agent-tried'
  | 'agent-gone'
  | 'contact-wrong'
  | 'unmatched'
  | 'closed'
> = {
  offer: ({ zip, city, state, language, need, expiresAt, answerUrl }, when) => ({
    subject: `New referral in ${city}, ${state}: answer by ${at(expiresAt, when)}`,
    paragraphs: [
      `A consumer in ${city} needs help with health coverage. Can you help?`,
      [
        `Where: ${zip} ${city}, ${state}`,
        `Language: ${languageName(language)}`,
        `Need: ${names.need[need]}`,
        `Answer by: ${atInFull(expiresAt, when)}`,
      ],
      'After that we ask another agent. Whoever accepts first gets the referral, with the name and phone number.',
    ],
    action: { label: 'See the referral and answer', url: answerUrl },
    afterAction: ['The link works without logging in, for this referral alone. Please do not forward it.'],
    footer: agentFooter,
  }),
  'offer-nudge': ({ zip, city, state, expiresAt, answerUrl }, when) => ({
    subject: `Still waiting for you: ${city}, ${state}, ${minutesLeft(expiresAt, when)}`,
    paragraphs: [
      `A consumer in ${zip} ${city}, ${state} is still waiting for your answer.`,
      `Please answer by ${atInFull(expiresAt, when)}. After that we ask the next agent.`,
    ],
    action: { label: 'See the referral and answer', url: answerUrl },
    afterAction: ['The link works without logging in, for this referral alone. Please do not forward it.'],
    footer: agentFooter,
  }),
  'offer-over': ({ zip, city, state, end, endedAt, inboxUrl }, when) => ({
    subject: `The referral in ${city}, ${state} is no longer yours`,
    paragraphs: [
      `About the referral in ${zip} ${city}, ${state} that you accepted:`,
      referralSentences.offerEnd[end].agent({ endedAt, when }),
      'Please delete the contact information if you noted it down.',
    ],
    action: { label: 'Open your inbox', url: inboxUrl },
    footer: agentFooter,
  }),
  'offer-taken': ({ zip, city, state, takenAt }, when) => ({
    subject: `Taken at ${at(takenAt, when)}: the referral in ${city}, ${state}`,
    paragraphs: [
      `About the referral in ${zip} ${city}, ${state} that we offered you:`,
      referralSentences.offerEnd.taken.agent({ endedAt: takenAt, when }),
      'There is nothing to do.',
    ],
    footer: agentFooter,
  }),
  'contact-reminder': ({ zip, city, state, contactDueAt, inboxUrl }, when) => ({
    subject: `Contact the consumer in ${city}, ${state} by ${at(contactDueAt, when)}`,
    paragraphs: [
      `You accepted the referral in ${zip} ${city}, ${state}, and the consumer is waiting to hear from you.`,
      `Please get in touch by ${atInFull(contactDueAt, when)} and report it in your inbox. After that we ask another agent.`,
    ],
    action: { label: 'Open your inbox', url: inboxUrl },
    footer: agentFooter,
  }),
  'contact-code': ({ code, expiresAt, statusUrl }, when) => ({
    subject: `${code} is your code for Help On Demand`,
    paragraphs: [
      hello(''),
      `Enter the code ${code} on the page where you asked for help, by ${at(expiresAt, when)}. We start looking for an agent right after.`,
      'If you did not ask for help with health coverage, please ignore this message: without the code nothing happens, and the request is deleted. We never ask for the code in a call.',
    ],
    action: { label: 'Enter the code', url: statusUrl },
    footer: consumerFooter,
  }),
  'contact-change-code': ({ code, expiresAt }, when) => ({
    subject: `${code} is your code for Help On Demand`,
    paragraphs: [
      hello(''),
      `Enter the code ${code} on the page of your request for help, by ${at(expiresAt, when)}. From then on we use this email address for your request.`,
      'If you did not ask for help with health coverage, please ignore this message: without the code nothing changes, and we do not write to you again. We never ask for the code in a call.',
    ],
    footer: consumerFooter,
  }),
  'contact-changed': ({ channel, changedAt }, when) => ({
    subject:
      channel === 'text'
        ? 'The phone number of your request was changed'
        : 'The email address of your request was changed',
    paragraphs: [
      hello(''),
      `On ${atInFull(changedAt, when)} another ${channel === 'text' ? 'phone number' : 'email address'} was confirmed or given for your request for help with health coverage. We use it from now on.`,
      'Was it you? Then you do not need to do anything. If not, open the link of our first message: there you can withdraw your request or your consent.',
    ],
    footer: consumerFooter,
  }),
  'link-resent': ({ consumerName, statusUrl }) => ({
    subject: 'Your request is already open',
    paragraphs: [
      hello(consumerName),
      'Somebody asked for help again with this phone number or email address. Your request is still open, so we did not open another one.',
      'The link below shows where it stands. It is yours alone, so please do not forward it.',
    ],
    action: { label: 'See your request', url: statusUrl },
    footer: consumerFooter,
  }),
  'referral-received': ({ consumerName, statusUrl, opensAt }, when) => ({
    subject: opensAt ? 'We have your request' : 'We are looking for an agent for you',
    paragraphs: [
      hello(consumerName),
      opensAt
        ? `Your request for help with health coverage has reached us while we are closed. From ${atInFull(opensAt, when)} on we ask licensed agents near you, and tell you who will help you. Only the one who accepts gets your contact.`
        : 'Your request for help with health coverage has reached us. We now ask licensed agents near you, and tell you who will help you. Only the one who accepts gets your contact.',
      'The link below shows where it stands. It is yours alone, so please do not forward it. There you can also withdraw your request.',
    ],
    action: { label: 'See your request', url: statusUrl },
    footer: consumerFooter,
  }),
  'agent-found': ({ consumerName, agentName, npn, license, contactBy, contactDueAt, statusUrl }, when) => ({
    subject: `${agentName} ${willReach[contactBy]}`,
    paragraphs: [
      hello(consumerName),
      `${agentName}, a licensed agent with National Producer Number (NPN) ${npn}${license ? ` and license ${license.number} in ${license.state}` : ''}, ${willReach[contactBy]} by ${atInFull(contactDueAt, when)}.`,
      'When they get in touch, ask for their name and NPN, and check that both match the ones above. An agent needs your consent before working on an application for you.',
      'If nobody gets in touch by then, we ask another agent for you.',
    ],
    action: { label: 'See your request', url: statusUrl },
    footer: consumerFooter,
  }),
  'agent-tried': ({ consumerName, agentName, npn, triedAt, how, nextTryAt, contactBy, statusUrl }, when) => ({
    subject: `${agentName} ${triedWords(how)}`,
    paragraphs: [
      hello(consumerName),
      `${agentName}, the licensed agent with National Producer Number (NPN) ${npn}, told us on ${atInFull(triedAt, when)} that they ${triedWords(how)}.`,
      ...(nextTryAt > when.now
        ? [`${agentName} ${willReach[contactBy]} again by ${atInFull(nextTryAt, when)}.`]
        : []),
      'If nobody reaches you, we ask another agent for you.',
    ],
    action: { label: 'See your request', url: statusUrl },
    footer: consumerFooter,
  }),
  'agent-gone': ({ consumerName, agentName, statusUrl }) => ({
    subject: 'We are asking another agent for you',
    paragraphs: [
      hello(consumerName),
      `${agentName} is no longer available for your request. We are asking another agent now, and tell you who will help you.`,
      'You do not need to do anything.',
    ],
    action: { label: 'See your request', url: statusUrl },
    footer: consumerFooter,
  }),
  'contact-wrong': ({ consumerName, statusUrl }) => ({
    subject: 'We cannot reach you: please check your number or address',
    paragraphs: [
      hello(consumerName),
      'The agent could not reach you: the phone number or address that we have seems to be wrong.',
      'Please correct it with the link below. Then we ask an agent for you again.',
    ],
    action: { label: 'Correct it', url: statusUrl },
    footer: consumerFooter,
  }),
  unmatched: ({ consumerName, contactWrong, consentExpired, askUrl }) => ({
    subject: consentExpired
      ? 'Your consent has expired'
      : contactWrong
        ? 'We could not reach you'
        : 'No agent was free, but help is available',
    paragraphs: [
      hello(consumerName),
      consentExpired
        ? 'You agreed that we share your contact with an agent for a limited time. That time is over, and no agent has helped you yet. So your request is closed, and nobody will get in touch about it.'
        : contactWrong
          ? 'The agent could not reach you by the phone number or address that we have, and it was not corrected. So your request is closed, and nobody will get in touch about it.'
          : 'We are sorry: we found no agent who is free to help you. Nobody will get in touch about this request.',
      'The Marketplace Call Center can help you:',
      [
        linked`Phone: ${phoneLink(helpContacts.callCenter)}`,
        linked`TTY: ${phoneLink(helpContacts.callCenterTty)}`,
        linked`Relay service: ${phoneLink(helpContacts.relay)}`,
      ],
      consentExpired
        ? 'You can ask Help On Demand again at any time, with a new consent.'
        : contactWrong
          ? 'You can also ask Help On Demand again, with a number or address at which you can be reached.'
          : 'You can also ask Help On Demand again; another time of day may work better.',
    ],
    action: { label: 'Ask again', url: askUrl },
    footer: consumerFooter,
  }),
  closed: ({ consumerName, outcome, askUrl }) => ({
    subject: 'Your request is closed',
    paragraphs: [
      hello(consumerName),
      outcome === 'enrolled'
        ? 'Your agent told us that you are enrolled in a plan. Your request to Help On Demand is closed.'
        : 'Your request to Help On Demand is closed.',
      'Is this not right, or do you need more help? You can ask again at any time.',
    ],
    action: { label: 'Ask again', url: askUrl },
    footer: consumerFooter,
  }),
};
