import type { RestEnd } from '../../agents/rests.ts';
import type { Sentences } from '../sentences.ts';
import { conditionSentences } from './conditions.ts';
import { names } from './names.ts';
import { at, atInFull, list, until } from './times.ts';

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
  'license-not-found': 'no license is known to the registry yet',
  late: 'it takes longer than two business days after the training',
  'terminated-for-cause': 'a termination for cause for another plan year',
  'no-state': 'no license in any of the chosen states',
  'no-language': 'no language is chosen',
  'no-channel': 'there is no working channel for offers',
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
    agent: ({ causes, isRegistered }) => {
      if (isRegistered)
        return causes.length > 0
          ? `Not eligible yet${because(causes)}. Once every condition is met you become active automatically; you do not need to register again.`
          : 'Every condition is met. You are active in a moment.';
      return causes.length > 0
        ? `Not eligible yet${because(causes)}. Your invitation follows once every condition is met.`
        : 'Every condition is met. Your invitation is on its way.';
    },
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
    agent: ({ retryAt, when }) =>
      retryAt
        ? `Your invitation could not be delivered, although your email address is good: the mailbox may be full. We send another invitation there automatically on ${atInFull(retryAt, when)}.`
        : 'Your invitation could not be delivered. Correct the email address in your MLMS profile, then ask for another.',
    ops: ({ retryAt, when }) =>
      retryAt
        ? `The invitation could not be delivered, the address is good; another one goes out at ${at(retryAt, when)}`
        : 'The invitation could not be delivered; waiting for another address or another request',
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
    agent: ({ causes }) =>
      causes.length > 0
        ? `You are active, but nothing can be offered to you${because(causes)}.`
        : 'You are active and are offered referrals.',
    ops: ({ causes, nextChangeAt, when }) =>
      `Active${because(causes)}${nextChangeAt ? `; next change of states or standing: ${at(nextChangeAt, when)}` : ''}`,
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

const instantOf = (text: string | null | undefined) => (text ? new Date(text) : null);
const withCode = (code: string | null) => (code ? ` (${code})` : '');

const textsStopped = {
  reply: 'The agent asked by text that no more texts are sent',
  'unclear-reply': 'The agent sent a reply that could not be understood; no texts are sent meanwhile',
  provider: 'The text provider says that the agent ended texts',
} as const;

const phoneLineChecked = {
  mobile: 'The phone was looked up: it is a cell phone',
  landline: 'The phone was looked up: it is a landline, and no more texts go to it',
  'no-texts': 'The phone was looked up: its line takes no texts, and no more go to it',
  'no-number': 'The phone was looked up: there is no such number, and no more texts go to it',
  unknown: 'The phone was looked up: the kind of its line is not known',
} as const;

const lookedUp = {
  found: 'The registry knows licenses of the agent; they count until the license feed brings them',
  none: 'The registry knows no license of the agent yet',
  outage: 'The registry gave no answer about licenses',
} as const;

const departed = {
  agent: 'The agent left Help On Demand',
  departure: 'The operations team recorded that the agent has left',
  death: 'The operations team recorded that the agent has died',
  other: 'The operations team ended the agent’s part in the service',
} as const;

const availabilityPart = {
  hours: 'the weekly hours',
  override: 'the availability switch',
  absences: 'the absences',
} as const;

const restEnded: Readonly<Record<RestEnd, string>> = {
  confirmed: 'The agent said that their hours are right and is offered referrals again',
  availability: 'The agent changed their availability and is offered referrals again',
  answer: 'The agent answered an offer and is offered referrals again',
};

export const onboardingSentences: Part = {
  condition: conditionSentences,
  onboardingCause: cause,
  onboardingStage: stage,
  onboardingEvent: {
    'stage-entered': ({ stage: entered, causes, nextChangeAt, retryAt }, when) =>
      stage[entered].ops({
        causes,
        nextChangeAt: instantOf(nextChangeAt),
        retryAt: instantOf(retryAt),
        when,
      }),
    'invitation-issued': ({ number, expiresAt }, when) =>
      `Invitation ${number} issued; its link is valid until ${at(new Date(expiresAt), when)}`,
    'invitation-requested': () => 'Another invitation was asked for',
    held: () => 'The operations team put the agent on hold',
    released: () => 'The operations team released the agent',
    noted: () => 'The operations team added a note',
    departed: ({ because: why }) => departed[why],
    'status-requested': () => 'Somebody asked where the agent stands; the answer goes to the MLMS address',
    'log-in-reminder-requested': () =>
      'Somebody asked how the agent logs in; the answer goes to the MLMS address',
    registered: () => 'The agent registered',
    'terms-accepted': ({ kind, version }) => `The ${names.terms[kind]}, version ${version}, were accepted`,
    'profile-changed': ({ fields }) => `The agent changed the profile (${fields.join(', ')})`,
    'skip-changed': ({ isSkipped, ...skip }) =>
      isSkipped
        ? `The agent skips requests ${names.skip(skip)}`
        : `The agent is asked for requests ${names.skip(skip)}`,
    'availability-changed': ({ parts, isAvailable, until: end }, when) =>
      `The agent changed ${list(parts.map((part) => availabilityPart[part]))}: ${isAvailable ? 'available' : 'not available'}${until(end ? new Date(end) : null, when)}`,
    'rest-ended': ({ by }) => restEnded[by],
    'phone-code-sent': ({ expiresAt }, when) =>
      `A code to confirm the phone was sent; it is valid until ${at(new Date(expiresAt), when)}`,
    'phone-confirmed': () => 'The agent confirmed the phone',
    'phone-checked': ({ lineType }) => phoneLineChecked[lineType],
    'phone-refused': ({ code }) =>
      `A text was refused because of the phone number${withCode(code)}; the agent has to confirm it again`,
    'license-looked-up': ({ endedAs, code, nextAt }, when) =>
      `${lookedUp[endedAs]}${withCode(code)}${nextAt ? `; it is asked again at ${at(new Date(nextAt), when)}` : ''}`,
    'reminded-of-invitation': () => 'The agent was reminded of the invitation',
    'delay-explained': ({ causes }) => `The agent was told why the invitation is late${because(causes)}`,
    'warned-of-expiration': ({ expirations }) =>
      `The agent was warned: ${expirations.map(({ subject, endsOn }) => `${subject} ends on ${endsOn}`).join('; ')}`,
    'states-changed': ({ lost, gained }) =>
      [
        ...(lost.length > 0 ? [`no longer serves ${list(lost)}`] : []),
        ...(gained.length > 0 ? [`serves ${list(gained)}`] : []),
      ].join('; '),
    'address-changed': () => 'The MLMS profile has another email address',
    'reminded-of-terms': ({ number }) => `The agent was reminded of the terms (reminder ${number})`,
    'mail-returned': ({ report, code }) =>
      `${report === 'bounced' ? 'Mail to the address comes back' : 'The agent complained about our mail'}${withCode(code)}; the address is not mailed again until it changes`,
    'invitation-returned': ({ code, retryAt }) =>
      `The invitation could not be delivered${withCode(code)}${retryAt ? '; the agent is invited again automatically' : ''}`,
    'invitation-unsent': () =>
      'The mail provider accepted no mail in time, so the invitation was never sent; the agent is invited again',
    'texts-stopped': ({ by }) => textsStopped[by],
    'texts-started': () => 'Texts to the phone were turned on again',
  },
};
