import type { Sentences } from '../types.ts';
import { conditions } from './conditions.ts';
import { names } from './names.ts';
import { at, list, until } from './times.ts';

type Part = Pick<Sentences, 'onboardingStage' | 'onboardingCause' | 'onboardingEvent' | 'condition'>;

const cause: Part['onboardingCause'] = {
  'marketplace-registration': 'Marketplace registration is missing or not in force',
  'marketplace-training': 'Marketplace training is not complete',
  'cms-agreements': 'CMS agreements are not signed',
  'help-on-demand-coursework': 'Help On Demand coursework is not complete',
  'nipr-profile-validated': 'the profile is not validated against NIPR',
  'npn-valid': 'the NPN is not listed as valid',
  'not-terminated': 'the registration is terminated or suspended',
  'individual-npn': 'the NPN belongs to a business entity',
  'licensed-with-health-line': 'no active license with a health-related line of authority',
  'terms-of-use': 'the Terms of Use are not accepted',
  'agents-and-brokers-terms-of-use': 'the Agents and Brokers Terms of Use are not accepted',
  undeliverable: 'the invitation could not be delivered',
  expired: 'the invitation expired',
  held: 'held by the operations team',
};

const because = (causes: readonly (keyof typeof cause)[]) =>
  causes.length > 0 ? `: ${causes.map((name) => cause[name]).join('; ')}` : '';
const documents = (causes: readonly string[]) => {
  const missing = Object.entries(names.terms).flatMap(([kind, name]) => (causes.includes(kind) ? name : []));
  return list(missing.length > 0 ? missing : Object.values(names.terms));
};

const stage: Part['onboardingStage'] = {
  'awaiting-eligibility': {
    name: 'Awaiting eligibility',
    agent: ({ causes }) =>
      causes.length > 0
        ? `Not eligible yet${because(causes)}. Your invitation follows once every condition is met.`
        : 'Every condition is met. Your invitation is on its way.',
    ops: ({ causes, nextChangeAt, when }) =>
      causes.length > 0
        ? `Waiting for eligibility${because(causes)}${nextChangeAt ? `; looks again at ${at(nextChangeAt, when)}` : ''}`
        : 'Every condition is met; the invitation is about to go out',
  },
  invited: {
    name: 'Invited',
    agent: ({ linkExpiresAt, when }) =>
      `Your invitation was sent to you by email. Register with its link${until(linkExpiresAt, when)}.`,
    ops: ({ linkExpiresAt, nextChangeAt, when }) =>
      linkExpiresAt
        ? `Waiting for the agent to register until ${at(linkExpiresAt, when)}; then the link expires`
        : `Waiting for the agent to register${nextChangeAt ? `; looks again at ${at(nextChangeAt, when)}` : ''}`,
  },
  'invitation-undeliverable': {
    name: 'Invitation undeliverable',
    agent: () =>
      'Your invitation could not be delivered. Correct the email address in your MLMS profile, then ask for another.',
    ops: () => 'The invitation could not be delivered; waiting for another address or another request',
  },
  'invitation-expired': {
    name: 'Invitation expired',
    agent: () => 'The link of your invitation has expired. Ask for another one.',
    ops: () => 'The invitation expired unused; waiting until the agent or ops ask for another',
  },
  'awaiting-terms': {
    name: 'Almost complete',
    agent: ({ causes }) =>
      `Your registration is almost complete. Accept the ${documents(causes)}; before that you receive no referrals.`,
    ops: ({ causes, nextChangeAt, when }) =>
      `Waiting for the agent to accept the ${documents(causes)}${nextChangeAt ? `; looks again at ${at(nextChangeAt, when)}` : ''}`,
  },
  active: {
    name: 'Active',
    agent: () => 'You are active and are offered referrals.',
    ops: ({ nextChangeAt, when }) =>
      `Active${nextChangeAt ? `; the states or the standing change at ${at(nextChangeAt, when)}` : ''}`,
  },
  suspended: {
    name: 'Suspended',
    agent: ({ causes }) => `You are offered no referrals for now${because(causes)}.`,
    ops: ({ causes, nextChangeAt, when }) =>
      `Suspended${because(causes)}${nextChangeAt ? `; looks again at ${at(nextChangeAt, when)}` : ''}`,
  },
  lapsed: {
    name: 'Lapsed',
    agent: () => 'Your registration for this plan year has ended.',
    ops: () => "The registration's end date has passed",
  },
  left: {
    name: 'Left',
    agent: () => 'You have left Help On Demand.',
    ops: () => 'The agent has left',
  },
};

export const onboarding: Part = {
  condition: conditions,
  onboardingCause: cause,
  onboardingStage: stage,
  onboardingEvent: {
    'stage-entered': ({ stage: entered, causes, nextChangeAt }, when) =>
      stage[entered].ops({ causes, nextChangeAt: nextChangeAt ? new Date(nextChangeAt) : null, when }),
    'invitation-issued': ({ number, expiresAt }, when) =>
      `Invitation ${number} issued; its link is valid until ${at(new Date(expiresAt), when)}`,
    'invitation-requested': () => 'Another invitation was asked for',
    registered: () => 'The agent registered',
    'terms-accepted': ({ kind, version }) => `The ${names.terms[kind]}, version ${version}, were accepted`,
    'profile-changed': ({ fields }) => `The agent changed the profile (${fields.join(', ')})`,
    'reminded-of-link': () => 'The agent was reminded of the invitation',
    'reminded-of-terms': ({ number }) => `The agent was reminded of the terms (reminder ${number})`,
  },
};
