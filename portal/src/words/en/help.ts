import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import type { FaultWords } from '../../form/field-words.ts';
import { phoneFaultWords } from './phone-faults.ts';

/** Words of the form in which a consumer asks for help. */
export const help = {
  title: 'Ask for help with health coverage',
  lead: 'We ask licensed agents and brokers near you. Only the one who accepts gets your contact.',
  name: {
    label: 'Your name',
    missing: 'Enter your name.',
    invalid: 'Enter your name on one line.',
    codes: {
      'holds-address':
        'Enter only your name, without a web or email address. Put a space after each dot, as in “St. John”.',
      'holds-number': 'Enter only your name, without a phone number or other number.',
      'holds-invisible': 'Your name has invisible characters. Please type it again.',
      'not-a-name': 'Enter your name as people call you.',
    } satisfies FaultWords<'name'>,
  },
  phone: {
    label: 'Phone number',
    hint: 'Or an email address; both is best.',
    missing: 'Enter a phone number or an email address.',
    invalid: 'Enter a US phone number of 10 digits, for example 801-555-0123.',
    codes: {
      'phone-or-email-needed': 'Enter a phone number or an email address.',
      'needed-for-contact': 'The way you chose to be reached needs a phone number.',
      ...phoneFaultWords,
      landline: 'A landline cannot receive texts. Choose another way to be reached.',
      'no-texts': 'This number cannot receive texts. Choose another way to be reached.',
      'no-number': 'There is no such phone number. Please check it.',
    } satisfies FaultWords<'phone'>,
  },
  email: {
    label: 'Email address',
    missing: 'Enter a phone number or an email address.',
    invalid: 'Enter an email address such as ana@example.com.',
    codes: {
      'needed-for-contact': 'The way you chose to be reached needs an email address.',
      'not-an-email': 'Enter an email address such as ana@example.com.',
      'email-alone': 'Enter only one email address, without a name, such as ana@example.com.',
      'email-not-ascii':
        'We cannot send email to this address: before the @ it has an accent or another letter that our mail service does not support. Enter another address, or a phone number.',
    } satisfies FaultWords<'email'>,
  },
  zip: {
    label: 'ZIP code',
    missing: 'Enter your ZIP code.',
    invalid: 'Enter a ZIP code of 5 digits.',
    codes: {
      'unknown-zip': 'We do not know this ZIP code. Please check it.',
      territory:
        'The Marketplace does not serve the territories. Ask the Medicaid office there about the help that you can get.',
      military:
        'This is a military address. Enter the ZIP code of the home in the United States that you file taxes from.',
      'not-served': 'The Marketplace does not serve this place.',
    } satisfies FaultWords<'zip'>,
  },
  language: {
    label: 'Language you want to talk in',
    missing: 'Choose a language.',
    invalid: 'Choose a language.',
  },
  state: {
    label: 'In which state do you live?',
    missing: 'Say in which state you live: the ZIP code alone does not tell us.',
    invalid: 'Say in which state you live: the ZIP code alone does not tell us.',
    codes: {
      'state-needed':
        'Check the ZIP code, and say in which state you live: the ZIP code alone does not tell us.',
      'not-of-zip': 'This ZIP code lies in another state.',
    } satisfies FaultWords<'state'>,
  },
  interpreter: {
    label: 'If no agent who speaks this language is free',
    mine: 'I’ll wait for an agent who speaks my language',
    fine: 'An agent with an interpreter is fine',
  },
  coverageYear: {
    label: 'Coverage year',
    missing: 'Choose a year.',
    invalid: 'Choose a year that we can help with.',
    codes: {
      'unknown-coverage-year': 'We do not help with this year. Choose another.',
    } satisfies FaultWords<'coverageYear'>,
  },
  need: {
    label: 'What do you need help with?',
    hint: `For Medicare, call ${helpContacts.medicare}.`,
    missing: 'Choose what you need help with.',
    invalid: 'Choose what you need help with.',
  },
  contactBy: {
    label: 'How should the agent reach you?',
    missing: 'Choose how the agent should reach you.',
    invalid: 'Choose how the agent should reach you.',
  },
  contactTimes: {
    label: 'When should the agent reach you?',
    hint: 'Choose as many as you like, in your own time zone. If you choose none, the agent can reach you at any time.',
  },
  agent: {
    label: 'Do you already have an agent? Their name or NPN (optional)',
    hint: 'If they take part here and are free, we ask them first. If not, we ask others, and you need not do anything.',
    missing: 'Enter a name or an NPN, or leave this empty.',
    invalid: 'Enter the agent’s first and last name, or the NPN of 1 to 10 digits.',
    codes: {
      'holds-address': 'Enter only the name or the NPN, without a web or email address.',
      'holds-number': 'Enter either the name or the NPN.',
      'holds-invisible': 'This name has invisible characters. Please type it again.',
      'not-a-name': 'Enter the agent’s first and last name, or the NPN of 1 to 10 digits.',
      'npn-or-name-needed': 'Enter either the name or the NPN.',
    } satisfies FaultWords<'agent'>,
  },
  returnToAgent: {
    label: 'Ask the agent who helped me before',
    hint: 'If you have used Help On Demand before and reach us in the same way.',
  },
  asker: {
    label: 'Who are you asking for?',
    adult: 'Myself: I am at least 18 years old',
    representative: 'Somebody else: I am authorized to act for that person',
    neither: 'Neither of these',
    missing: 'Choose if you are asking for yourself or for somebody else.',
  },
  consent: {
    heading: 'Your consent',
    label: 'I agree to this.',
    missing: 'We can pass on your request only if you agree.',
    invalid: 'A newer text is in force. Please read it and agree again.',
  },
  textConsent: {
    heading: 'Text messages (optional)',
    label: 'I agree to text messages about my request (optional).',
    missing: 'Leave this empty, or agree to the text above.',
    invalid: 'A newer text is in force. Please read it. You can agree again or leave this empty.',
    codes: {
      'phone-needed': 'Texts go to a phone. Enter its number, or leave this empty.',
    } satisfies FaultWords<'textConsent'>,
  },
  choose: 'Choose one',
  more: 'Contact times, your own agent',
  kept: 'This tab keeps what you typed for 30 minutes, until you send it or clear it. It is not saved anywhere else.',
  clear: 'Clear the form',
  submit: 'Ask for help',
  submitting: 'Sending…',
  elsewhere: {
    heading: 'Your state has its own marketplace',
    text: (name: string) => `${name} helps people with this ZIP code. Help On Demand cannot, but they can:`,
    phone: 'Phone',
  },
  alreadyOpen: {
    heading: 'You have asked already',
    text: 'There is an open request with this phone number or email address. We have sent its link there again, so that you can see how far it is.',
  },
};
