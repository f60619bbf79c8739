import { helpContacts } from '../help-contacts.ts';
import { uncapitalized } from '../locale-format.ts';
import type { Sentences } from '../sentences.ts';
import { names, willReach } from './names.ts';
import { at, until } from './times.ts';

type Part = Pick<
  Sentences,
  'referralStage' | 'referralCause' | 'offerPhase' | 'offerAccepted' | 'offerEnd' | 'referralEvent'
>;

const cause: Part['referralCause'] = {
  'nobody-available': {
    consumer: 'all agents who could help you are busy or away',
    ops: 'nobody who fits is available',
  },
  'everyone-asked': {
    consumer: 'we have asked all agents who could help you',
    ops: 'everyone who fits was asked',
  },
  'contact-wrong': {
    consumer: 'your phone number or address is wrong',
    ops: 'the contact is wrong',
  },
  'outside-hours': {
    consumer: 'we are closed at this hour',
    ops: 'the service is closed there',
  },
  'never-open': {
    consumer: 'we are not taking requests at the moment',
    ops: 'the service calendar never opens there',
  },
  'consent-expired': { consumer: 'your consent has expired', ops: 'the consent has run out' },
  'budget-spent': { consumer: 'nobody was free in time', ops: 'the time to look for an agent is over' },
};
const why = (causes: readonly (keyof typeof cause)[]) => causes.map((name) => cause[name].ops).join('; ');

const stage: Part['referralStage'] = {
  unconfirmed: {
    name: 'Unconfirmed',
    consumer: () => 'Enter the code we sent you. We start looking for an agent right after.',
    ops: ({ waitingUntil, when }) =>
      `Waiting for the consumer to confirm the contact${until(waitingUntil, when)}`,
  },
  queued: {
    name: 'Waiting for an agent',
    consumer: ({ causes, waitingUntil, when }) => {
      if (causes.includes('contact-wrong'))
        return 'The agent could not reach you. Please correct your phone number or email address; then we ask an agent again.';
      if (causes.includes('never-open'))
        return `We are not asking agents at the moment, and do not know yet when we will again. The Marketplace Call Center can help you: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}).`;
      if (causes.includes('outside-hours'))
        return `We are closed now${waitingUntil ? ` and open again at ${at(waitingUntil, when)}` : ''}. Then we ask agents near you, in the order in which requests came.`;
      return 'All agents who could help you are busy right now. We are still looking, and will tell you as soon as one has time for you.';
    },
    ops: ({ causes, waitingUntil, when }) =>
      `Waiting for an agent who fits${causes.length > 0 ? ` (${why(causes)})` : ''}${waitingUntil ? `; looks again at ${at(waitingUntil, when)}` : ''}`,
  },
  offering: {
    name: 'Asking agents',
    consumer: () =>
      'We are asking agents near you. Only the one who accepts gets your contact. This page shows who will help you.',
    ops: ({ waitingUntil, when }) =>
      `Waiting for the agent's answer${until(waitingUntil, when)}; then the next agent is asked`,
  },
  accepted: {
    name: 'An agent will get in touch',
    consumer: ({ agent, contactBy = 'call', waitingUntil, when }) =>
      `${agent ? `${agent.name} (NPN ${agent.npn})` : 'An agent'} ${willReach[contactBy]}${waitingUntil ? ` by ${at(waitingUntil, when)}` : ' shortly'}. If not, we ask another agent.`,
    ops: ({ waitingUntil, when }) =>
      `Waiting for the agent to reach the consumer${until(waitingUntil, when)}; then another agent is asked`,
  },
  contacted: {
    name: 'In touch',
    consumer: ({ agent }) =>
      `You are in touch with ${agent ? `${agent.name} (NPN ${agent.npn})` : 'an agent'}.`,
    ops: ({ waitingUntil, when }) =>
      `Waiting for the outcome${until(waitingUntil, when)}; then the referral closes automatically`,
  },
  closed: {
    name: 'Closed',
    consumer: () => 'Your request is closed. You can ask for help again at any time.',
    ops: ({ outcome }) => `Closed${outcome ? `: ${uncapitalized(names.outcome[outcome])}` : ''}`,
  },
  unmatched: {
    name: 'Ended without an agent',
    consumer: ({ causes }) =>
      `${causes.includes('contact-wrong') ? 'The agent could not reach you by the contact that we have, and it was not corrected, so your request is closed.' : causes.includes('consent-expired') ? 'You agreed that we share your contact for a limited time. That time is over, and no agent has helped you yet, so your request is closed.' : 'We are sorry: no agent was free to help you.'} The Marketplace Call Center can help you: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}). You can also ask again here.`,
    ops: ({ causes }) =>
      `Ended without an agent${causes.length > 0 ? `: ${why(causes)}` : ''}; the consumer was told where else help is`,
  },
  withdrawn: {
    name: 'Withdrawn',
    consumer: () =>
      'You have withdrawn your request. Nobody will get in touch. You can ask again at any time.',
    ops: () => 'Withdrawn by the consumer',
  },
};

const offerEnd: Part['offerEnd'] = {
  declined: {
    name: 'Declined',
    agent: ({ endedAt, when }) => `You declined this referral at ${at(endedAt, when)}.`,
    ops: 'declined by the agent',
  },
  expired: {
    name: 'Not answered',
    agent: ({ endedAt, when }) =>
      `The time to answer ended at ${at(endedAt, when)}; we are asking another agent.`,
    ops: 'not answered in time',
  },
  unreachable: {
    name: 'Unreachable',
    agent: ({ endedAt, when }) =>
      `We could not reach you, so the referral was passed on at ${at(endedAt, when)}. Please check your contact information.`,
    ops: 'the agent could not be reached over any channel',
  },
  rescinded: {
    name: 'Taken back',
    agent: ({ endedAt, when }) =>
      `The referral was taken back at ${at(endedAt, when)}. Please do not contact the consumer.`,
    ops: 'taken back by the service',
  },
  taken: {
    name: 'Taken by another agent',
    agent: ({ endedAt, when }) =>
      `Taken at ${at(endedAt, when)}: another agent accepted this referral first. It does not count as an offer to you.`,
    ops: 'another agent accepted first',
  },
  silent: {
    name: 'No contact in time',
    agent: ({ endedAt, when }) =>
      `No contact with the consumer was reported by ${at(endedAt, when)}, so we are asking another agent. Please do not contact the consumer.`,
    ops: 'no contact was reported in time',
  },
  'handed-back': {
    name: 'Handed back',
    agent: ({ endedAt, when }) => `You handed this referral back at ${at(endedAt, when)}.`,
    ops: 'handed back by the agent',
  },
  'wrong-number': {
    name: 'Wrong number',
    agent: ({ endedAt, when }) => `You reported at ${at(endedAt, when)} that the number is wrong.`,
    ops: 'the number is wrong',
  },
  'another-asked': {
    name: 'Another agent wanted',
    agent: ({ endedAt, when }) =>
      `The consumer asked for another agent at ${at(endedAt, when)}. Please do not contact the consumer.`,
    ops: 'the consumer asked for another agent',
  },
  withdrawn: {
    name: 'Withdrawn',
    agent: ({ endedAt, when }) =>
      `The consumer withdrew the request at ${at(endedAt, when)}. Please do not contact the consumer.`,
    ops: 'withdrawn by the consumer',
  },
  'consent-expired': {
    name: 'Consent ran out',
    agent: ({ endedAt, when }) =>
      `The consumer's consent ran out at ${at(endedAt, when)}. Please do not contact the consumer.`,
    ops: 'the consent ran out',
  },
  'closed-by-ops': {
    name: 'Closed by operations',
    agent: ({ endedAt, when }) =>
      `This referral was ended by the operations team at ${at(endedAt, when)}. Please do not contact the consumer.`,
    ops: 'ended by ops',
  },
  closed: {
    name: 'Closed',
    agent: ({ endedAt, when }) => `This referral was closed at ${at(endedAt, when)}.`,
    ops: 'closed',
  },
};

export const referralSentences: Part = {
  referralCause: cause,
  referralStage: stage,
  offerPhase: {
    offered: (wait) => `Respond by ${at(wait.until, wait.when)} or it goes to the next agent.`,
    accepted: (wait) =>
      `Get in touch and update the outcome by ${at(wait.until, wait.when)}, or it goes to another agent.`,
    contacted: (wait) =>
      `Update the outcome by ${at(wait.until, wait.when)}; then the referral closes automatically.`,
  },
  offerAccepted: ({ acceptedAt, when }) => `You accepted this referral at ${at(acceptedAt, when)}.`,
  offerEnd,
  referralEvent: {
    requested: ({ need }) => `A consumer asked for help: ${nameIn(names.need, need)}`,
    'stage-entered': ({ stage: entered, causes, waitingUntil }, when) =>
      stage[entered].ops({ causes, waitingUntil: waitingUntil ? new Date(waitingUntil) : null, when }),
    offered: ({ npn, number, expiresAt }, when) =>
      `Offer ${number}: agent ${npn} has until ${at(new Date(expiresAt), when)} to answer`,
    'offer-nudged': ({ npn, channel }) => `Agent ${npn} was told again by ${names.channel[channel]}`,
    accepted: ({ npn, contactDueAt }, when) =>
      `Agent ${npn} accepted and contacts the consumer by ${at(new Date(contactDueAt), when)}`,
    'outcome-reported': ({ npn, outcome, reason, until: day, attempts, how, nextTryAt }, when) =>
      `Agent ${npn} reported: ${uncapitalized(names.outcome[outcome])}${reasonName(reason)}${day ? `, until ${day}` : ''}${attempts ? `, ${attempts} attempts` : ''}${how ? `, ${uncapitalized(names.attemptWay[how])}` : ''}${nextTryAt ? `, tries again by ${at(new Date(nextTryAt), when)}` : ''}`,
    'reminded-of-contact': ({ npn }) => `Agent ${npn} was reminded to contact the consumer`,
    'contact-answered': ({ npn, called }) =>
      called
        ? `The consumer confirmed that agent ${npn} called`
        : `The consumer says that agent ${npn} has not called`,
    'recalled-by-ops': () => 'Ops took the referral from its agent',
    'closing-by-ops': () => 'Ops ended the referral',
    noted: () => 'Ops added a note',
    'contact-read-by-ops': () => 'Ops read the contact',
    'contact-confirmed': () => 'The consumer confirmed the contact with a code',
    'contact-corrected': () => 'The consumer corrected the contact',
    'problem-reported': ({ npn, problem }) =>
      `The consumer reported a problem with agent ${npn}: ${uncapitalized(names.problem[problem])}`,
    'consent-expired': () => 'The consent ran out before an agent could help',
    'consent-rescinded': () => 'The consumer withdrew the consent',
    'rest-began': ({ npn, unseenOffers }) =>
      `Agent ${npn} left the last ${unseenOffers} offers unseen, and is offered nothing until they answer`,
    'offer-ended': ({ npn, end, reason }) =>
      `The offer to agent ${npn} ended: ${offerEnd[end].ops}${reasonName(reason)}`,
  },
};

function nameIn(labels: Readonly<Record<string, string>>, code: string): string {
  return uncapitalized(labels[code] ?? code);
}

function reasonName(reason: string | undefined): string {
  return reason ? ` (${nameIn({ ...names.declineReason, ...names.outcomeReason }, reason)})` : '';
}
