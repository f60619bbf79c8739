import type { AgentFaultWords } from '../../form/field-words.ts';
import { phoneFaultWords } from './phone-faults.ts';

/** Words of the registration page. */
export const register = {
  title: 'Register with Help On Demand',
  lead: (planYear: number) => `You are invited to take part for plan year ${planYear}.`,
  linkEnds: (at: string) => `Your link is valid until ${at}.`,
  identity: {
    heading: 'From your MLMS profile',
    firstName: 'First name',
    lastName: 'Last name',
    email: 'Email',
    synced: (at: string) =>
      `From your profile in the Marketplace Learning Management System (MLMS), last synced at ${at}.`,
    note: 'To change your name or email address, log in to your MLMS account on the CMS Enterprise Portal:',
  },
  steps: {
    label: 'Steps to your first referral',
    of: (number: number, all: number) => `Step ${number} of ${all}`,
    done: 'Done:',
    account: 'Choose how to log in',
    contact: 'How we reach you',
    code: 'Confirm your phone',
    terms: 'Accept the terms',
  },
  username: {
    label: 'Username',
    hint: '3 to 64 letters, digits or . _ - +; upper and lower case do not matter. It cannot be your NPN or an email address.',
    missing: 'Enter a username.',
    invalid:
      'Enter a username of 3 to 64 letters, digits or . _ - +, beginning with a letter or digit. It cannot be your NPN, an email or web address, or a name such as admin or support.',
    codes: {
      taken: 'This username is taken. Choose another.',
      'same-as-npn': 'A username cannot be your NPN.',
      'like-an-address': 'A username cannot be an email or web address.',
      reserved: 'This name is reserved for the operators of the service. Choose another.',
    } satisfies AgentFaultWords<'username'>,
  },
  password: {
    label: 'Password',
    missing: 'Enter a password.',
    invalid: 'Enter a password that follows every rule below the field.',
    rules: 'Your password:',
    met: 'Done:',
    broken: 'Still to do:',
    common: 'Common passwords and our name are refused too, also with @ for a or 0 for o.',
    count: (met: number, all: number) => `${met} of ${all} password rules are met.`,
  },
  phone: {
    label: 'Cell phone number',
    hint: 'A cell phone, not a landline: text messages are sent to it. For example 801-555-0123.',
    missing: 'Enter your cell phone number.',
    invalid: 'Enter a US phone number of 10 digits, for example 801-555-0123.',
    codes: {
      ...phoneFaultWords,
      landline: 'This is a landline; texts need a cell phone number.',
      'no-texts': 'This number cannot receive texts. Enter a cell phone number.',
      'no-number': 'There is no such phone number. Please check it.',
    } satisfies AgentFaultWords<'phone'>,
  },
  contactPreference: {
    label: 'Preferred contact method',
    hint: 'This is how we tell you about a new referral.',
    missing: 'Choose how we tell you about a new referral.',
    invalid: 'Choose how we tell you about a new referral.',
  },
  zip: {
    label: 'ZIP code',
    hint: 'Where you work, in 5 digits.',
    missing: 'Enter your ZIP code.',
    invalid: 'Enter a ZIP code of 5 digits.',
    codes: {
      'unknown-zip': 'We do not know this ZIP code. Please check it.',
    } satisfies AgentFaultWords<'zip'>,
  },
  terms: {
    label: (name: string) => `I have read the ${name} and agree to them.`,
    missing: 'Read the Help On Demand Terms of Use and agree to them to sign up.',
    invalid: 'A newer version of the Terms of Use is in force. Please read it and agree again.',
  },
  next: 'Continue',
  back: 'Back',
  submit: 'Sign Up',
  submitting: 'Signing up…',
  dead: {
    title: 'This link cannot be used',
    expired: (at: string | undefined) =>
      `The link has expired${at === undefined ? '' : ` at ${at}`}. A link is valid for a limited time so that nobody else can use it.`,
    unknown: 'The link is not valid, was already used, or was replaced by a newer one.',
    missing:
      'The address of this page lacks the end of your link. A mail program or a filter may have cut it off.',
    byNpn: {
      lead: 'Enter your NPN, and we send your invitation again to the email address in your MLMS profile.',
      submit: 'Send my invitation again',
      sent: 'If there is an invitation for this NPN, it is on its way to the email address in your MLMS profile. If there is none, an email there says where you stand. Check your spam folder too.',
    },
    registered: 'If you have registered already,',
    logIn: 'log in',
    renew: 'Send me a new link',
    renewed:
      'If this link belonged to an invitation that is still open, a new link is on its way to the email address in your MLMS profile. Check your spam folder too.',
    helpDesk: 'No email after a few minutes? Write to the help desk:',
  },
  ineligible: {
    title: 'You cannot register at the moment',
    text: 'Not every condition for taking part is met right now. Your link works again as soon as they are; the help desk can tell you more:',
  },
  done: {
    title: 'Your registration is almost complete',
    text: 'Your account is ready. Log in, then read and accept the Help On Demand Agents and Brokers Terms of Use. You won’t receive referrals until you do.',
    mail: 'We have sent you an email that confirms your access. Save it: it has the link to log in.',
    code: 'We have also sent a code of 6 digits to your phone. Log in to enter it. You can ask for a new one at any time.',
    logIn: 'Log in',
  },
};
