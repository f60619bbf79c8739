import { languageName } from '../../values/languages.ts';
import { helpContacts } from '../help-contacts.ts';
import { linked, webLink } from '../linked.ts';
import type { MailSentences } from '../notice-data.ts';
import { byChannel, failureOf, remedyOf } from './channel-failures.ts';
import { restoredLine } from './mail-about-standing.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { names } from './names.ts';
import { atInFull, duration, list } from './times.ts';

export const mailToAgents: Pick<
  MailSentences,
  | 'invitation'
  | 'invitation-reminder'
  | 'registration-confirmed'
  | 'terms-reminder'
  | 'active'
  | 'active-again'
  | 'lapsed'
  | 'phone-not-mobile'
  | 'hours-question'
  | 'test-offer'
  | 'channel-failed'
> = {
  'test-offer': ({ expiresAt, answerUrl }, when) => ({
    subject: 'TEST: this is how an offer reaches you by email',
    paragraphs: [
      'This is the test that you asked for. No consumer is waiting, and it does not count.',
      `Please open the link and press the button by ${atInFull(expiresAt, when)}. Then we know that offers by email reach you.`,
    ],
    action: { label: 'It has arrived', url: answerUrl },
    footer: agentFooter,
  }),
  'hours-question': ({ firstName, unseenOffers, confirmUrl, availabilityUrl }) => ({
    subject: 'Are your hours still right? You get no referrals until you answer',
    paragraphs: [
      hello(firstName),
      `The last ${unseenOffers} referrals that we offered you were not opened. Each time a consumer waited, and then we asked another agent.`,
      'Are the hours that you have set still right? Until you answer we offer you nothing, so that nobody waits in vain.',
    ],
    action: { label: 'Yes, my hours are right', url: confirmUrl },
    afterAction: [
      linked`Have your hours changed? Then log in and set them at ${webLink(availabilityUrl)}. That counts as an answer too.`,
    ],
    footer: agentFooter,
  }),
  'channel-failed': ({ firstName, channel, because, availabilityUrl }) => ({
    subject: `Offers no longer reach you ${byChannel[channel]}`,
    paragraphs: [
      hello(firstName),
      `${failureOf[channel]} We no longer send you anything there; this message came another way.`,
      `${remedyOf(channel, because)} Until then offers reach you only in the other ways you chose, and you may see them later.`,
    ],
    action: { label: 'See which ways work', url: availabilityUrl },
    afterAction: ['There you can send yourself a test offer when it is done.'],
    footer: agentFooter,
  }),
  invitation: ({ firstName, planYear, issuedAt, expiresAt, registerUrl }, when) => ({
    subject: `Register with Help On Demand for plan year ${planYear}`,
    paragraphs: [
      hello(firstName),
      `CMS has confirmed that you are eligible to take part in Help On Demand for plan year ${planYear}. Activate your account with the link below. It is yours alone, so please do not forward it.`,
      `The link is valid for ${duration(expiresAt.getTime() - issuedAt.getTime())}, until ${atInFull(expiresAt, when)}.`,
    ],
    action: { label: 'Register now', url: registerUrl },
    afterAction: [
      'What happens next:',
      [
        'Choose a username and a password.',
        'Enter your phone number, preferred contact method and ZIP code. Give a cell phone, not a landline: text messages go to this number.',
        'Agree to the Terms of Use and select Sign Up.',
        'Log in, and accept the Agents and Brokers Terms of Use. Only then do you receive referrals.',
      ],
      linked`Your name and email address come from your MLMS profile. To change them, log in at ${webLink(helpContacts.cmsPortal)}.`,
      'If the link has expired, open it all the same: the page sends you a new one.',
    ],
    footer: agentFooter,
  }),
  'invitation-reminder': ({ firstName, planYear, expiresAt, registerUrl }, when) => ({
    subject: 'Your Help On Demand link is about to expire',
    paragraphs: [
      hello(firstName),
      `You have not registered with Help On Demand for plan year ${planYear} yet. Your link is valid until ${atInFull(expiresAt, when)}.`,
      'Have your cell phone number and ZIP code at hand; it takes a few minutes.',
    ],
    action: { label: 'Register now', url: registerUrl },
    footer: agentFooter,
  }),
  'registration-confirmed': ({ firstName, planYear, loginUrl }) => ({
    subject: 'Your Help On Demand registration is almost complete',
    paragraphs: [
      hello(firstName),
      `Thank you for registering for plan year ${planYear}. Your access to Help On Demand is confirmed, and your registration is almost complete.`,
      `Next step: log in with the username and password you chose, and accept the ${names.terms['agents-and-brokers-terms-of-use']}. Until then your registration is incomplete and you receive no referrals.`,
    ],
    action: { label: 'Log in', url: loginUrl },
    afterAction: [
      linked`Please save this email. It holds the address where you log in: ${webLink(loginUrl)}`,
      'In later plan years you keep this log-in: you will not get another registration email.',
    ],
    footer: agentFooter,
  }),
  'terms-reminder': ({ firstName, planYear, missing, loginUrl }) => ({
    subject: 'One step left before you receive referrals',
    paragraphs: [
      hello(firstName),
      `Your Help On Demand registration for plan year ${planYear} is not complete. Please log in, read and accept:`,
      missing.map((kind) => names.terms[kind]),
      'Until then you receive no referrals.',
    ],
    action: { label: 'Log in and accept', url: loginUrl },
    footer: agentFooter,
  }),
  active: ({ firstName, planYear, loginUrl, languages, states }) => ({
    subject: 'You are ready to receive referrals',
    paragraphs: [
      hello(firstName),
      `Your Help On Demand registration for plan year ${planYear} is complete. From now on you can be offered referrals.`,
      'Please review your profile first:',
      [
        'Contact information: we reach you by the phone number and contact method given there.',
        `Languages you speak${languages.length > 0 ? `: ${list(languages.map(languageName))}` : ': none entered yet'}.`,
        `States where you would like to receive referrals${states.length > 0 ? `: ${list(states)}` : ': none entered yet'}.`,
      ],
    ],
    action: { label: 'Review your profile', url: loginUrl },
    afterAction: [
      'Answer quickly: each referral is offered for a short time, and the first agent who accepts has it.',
      linked`Your name and email address come from your MLMS profile. To change them, log in at ${webLink(helpContacts.cmsPortal)}.`,
    ],
    footer: agentFooter,
  }),
  'active-again': ({ firstName, planYear, restored, loginUrl }) => ({
    subject: 'You receive referrals again',
    paragraphs: [
      hello(firstName),
      `Everything Help On Demand needs for plan year ${planYear} is in order again, so you can be offered referrals from now on.`,
      ...(restored.length > 0 ? ['This was missing and is now in order:', restored.map(restoredLine)] : []),
      'Please check that your contact information, languages and states are still right.',
    ],
    action: { label: 'Review your profile', url: loginUrl },
    footer: agentFooter,
  }),
  'phone-not-mobile': ({ firstName, loginUrl }) => ({
    subject: 'Your phone number cannot receive text messages',
    paragraphs: [
      hello(firstName),
      'Text messages do not reach the phone number in your Help On Demand profile: it is a landline, or another number that is not a cell phone. We could not find that out while you registered, so we are telling you now.',
      'We no longer send text messages to it. Please enter a cell phone number in your profile, so that you hear about a referral in time. Everything else stays as it is.',
    ],
    action: { label: 'Change your phone number', url: loginUrl },
    footer: agentFooter,
  }),
  lapsed: ({ firstName, planYear }) => ({
    subject: `Your registration for plan year ${planYear} has ended`,
    paragraphs: [
      hello(firstName),
      `Your Marketplace registration for plan year ${planYear} has reached its end date, so you are offered no more referrals under it.`,
      'To take part in the next plan year, complete its Marketplace registration and training, the CMS agreements and the Help On Demand coursework. You keep your Help On Demand log-in.',
    ],
    action: { label: 'Go to the CMS Enterprise Portal', url: helpContacts.cmsPortal },
    footer: agentFooter,
  }),
};
