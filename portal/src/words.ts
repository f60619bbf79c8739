import { contacts } from '../../domain/catalog/contacts.ts';
import type { ConditionName } from '../../domain/conditions.ts';

/**
 * What the pages say beyond the sentence catalog: headings, labels, and what a field needs. A language more is one
 * constant more of type `Words`.
 */
const en = {
  serviceName: 'Help On Demand',
  skip: 'Skip to the page',
  title: (page: string) => `${page} | Help On Demand`,

  header: {
    navigation: 'Main',
    help: 'Ask for help',
    logIn: 'Agent log in',
    logOut: 'Log out',
    checklist: 'Checklist',
    inbox: 'Inbox',
    greeting: (firstName: string) => `Logged in as ${firstName}`,
  },
  // the guide's note on what this service is and is not
  footer: {
    heading: 'About this service',
    note: 'Help On Demand is a service contracted by the Centers for Medicare & Medicaid Services (CMS), and developed and hosted by Help On Demand. This is not a website of the government. Referrals are not provided by CMS or the Marketplace, and they are no endorsement of an agent or broker by the Department of Health & Human Services or the U.S. Government.',
    callCenter: 'Marketplace Call Center',
    callCenterNumbers: `${contacts.callCenter} (TTY ${contacts.callCenterTty}, relay ${contacts.relay})`,
    helpDesk: 'Help desk for agents and brokers',
  },

  loading: 'One moment…',
  tryAgain: 'Try again',
  problem: {
    heading: 'This did not work',
    unreachable:
      'We cannot be reached at the moment. Check your connection and try again; nothing you entered is lost.',
    unexpected: 'Something went wrong on our side. Please try again in a moment.',
    'too-many-requests': 'That was too often in a short time. Please wait a few minutes and try again.',
    'not-answered-yet':
      'We have not heard yet whether it was recorded. Please try again: nothing is recorded twice.',
    unavailable: 'We cannot answer right now. Please try again in a moment.',
    forbidden: 'This page is for agents and brokers. Your account is none of theirs.',
    'not-found': 'There is nothing here for you.',
    'not-allowed-now': 'This is not possible now. The page shows how things stand.',
    'offer-busy': 'An answer to this offer is just being written down. Please look again in a moment.',
    'terms-version': 'A newer version of this document is in force. Please read that one.',
  } as Readonly<Record<string, string>>,
  errorSummary: (count: number) =>
    count === 1 ? 'One field needs your attention' : `${count} fields need your attention`,
  document: {
    region: (name: string) => `Text of the ${name}`,
    version: (version: string) => `Version ${version}`,
  },

  start: {
    title: 'Help with health coverage',
    lead: 'We connect people who need help with Marketplace health coverage to a licensed, trained agent or broker near them, usually within minutes.',
    consumer: {
      heading: 'I need help with coverage',
      text: 'Tell us where you are and what you need. We ask one agent or broker at a time; whoever accepts calls you. It costs you nothing.',
      action: 'Ask for help',
    },
    agent: {
      heading: 'I am an agent or broker',
      text: 'Log in to accept the terms, see where your registration stands, and answer referrals.',
      action: 'Log in',
      invitation:
        'New here? After you complete Help On Demand training, an invitation comes by email to the address in your MLMS profile. Its link is the way to register.',
    },
  },

  register: {
    title: 'Register with Help On Demand',
    lead: (planYear: number) => `You are invited to take part for plan year ${planYear}.`,
    linkEnds: (at: string) => `Your link is valid until ${at}.`,
    identity: {
      heading: 'From your MLMS profile',
      name: 'Name',
      email: 'Email',
      note: 'Your name and email address cannot be changed here. To change them, log in to your MLMS account on the CMS Enterprise Portal:',
    },
    account: 'Choose how to log in',
    contact: 'How we reach you',
    username: {
      label: 'Username',
      hint: '3 to 64 letters, digits or . _ - @ +',
      missing: 'Enter a username.',
      invalid: 'Enter a username of 3 to 64 letters, digits or . _ - @ +, beginning with a letter or digit.',
    },
    password: {
      label: 'Password',
      missing: 'Enter a password.',
      invalid: 'Enter a password that follows every rule below the field.',
      show: 'Show password',
      rules: 'Your password:',
      met: 'Done',
      unmet: 'Not yet',
      count: (met: number, all: number) => `${met} of ${all} password rules are met.`,
    },
    phone: {
      label: 'Cell phone number',
      hint: 'A cell phone, not a landline: text messages are sent to it. For example 801-555-0123.',
      missing: 'Enter your cell phone number.',
      invalid: 'Enter a US phone number of 10 digits, for example 801-555-0123.',
    },
    contactPreference: {
      label: 'Preferred contact method',
      hint: 'This is how you hear of a new referral.',
      missing: 'Choose how you want to hear of a new referral.',
      invalid: 'Choose how you want to hear of a new referral.',
    },
    zip: {
      label: 'ZIP code',
      hint: 'Where you work, in 5 digits.',
      missing: 'Enter your ZIP code.',
      invalid: 'Enter a ZIP code of 5 digits.',
    },
    terms: {
      label: (name: string) => `I have read the ${name} and agree to them.`,
      missing: 'Read the Help On Demand Terms of Use and agree to them to sign up.',
      invalid: 'A newer version of the Terms of Use is in force. Please read it and agree again.',
    },
    submit: 'Sign Up',
    submitting: 'Signing up…',
    dead: {
      title: 'This link cannot be used',
      expired: (at: string | undefined) =>
        `The link has expired${at === undefined ? '' : ` at ${at}`}. A link is valid for a limited time so that nobody else can use it.`,
      unknown: 'The link is not valid, was already used, or was replaced by a newer one.',
      missing:
        'The address of this page lacks the end of your link. Open the link in your invitation once more.',
      registered: 'If you have registered already,',
      logIn: 'log in',
      renew: 'Send me a new link',
      renewed:
        'If this link belonged to an invitation that is still open, a new link is on its way to the email address in your MLMS profile. Check your spam folder too.',
      helpDesk: 'No mail after some minutes? Write to the help desk:',
    },
    ineligible: {
      title: 'You cannot register at the moment',
      text: 'Not every condition for taking part is met right now. Your link works again as soon as they are; the help desk can tell you more:',
    },
    done: {
      title: 'Your registration is almost complete',
      text: 'Your account is ready. Two steps are left: log in, then read and accept the Help On Demand Agents and Brokers Terms of Use. Before that you receive no referrals.',
      mail: 'We have sent you an email that confirms your access. Save it: it has the link to log in.',
      logIn: 'Log in',
    },
  },

  logIn: {
    title: 'Log in',
    lead: 'For agents and brokers who have registered.',
    username: { label: 'Username', missing: 'Enter your username.', invalid: 'Enter your username.' },
    password: { label: 'Password', missing: 'Enter your password.', invalid: 'Enter your password.' },
    submit: 'Log in',
    submitting: 'Logging in…',
    failed: 'The username or the password is wrong.',
    first: 'Log in to see this page.',
    notAgent:
      'You are logged in. The pages here are for agents and brokers, and your account is none of theirs.',
  },

  onboarding: {
    title: 'Where your registration stands',
    about: (npn: string, planYear: number) => `NPN ${npn}, plan year ${planYear}`,
    since: (at: string) => `Since ${at}.`,
    waitingFor: 'What is missing',
    next: (at: string) => `This changes by itself, or you hear from us, at ${at}.`,
    termsHeading: 'Terms to accept',
    termsLead: 'Read and accept each document. Before that you receive no referrals.',
    agree: (name: string) => `I have read the ${name} and agree to them.`,
    agreeMissing: (name: string) => `Read the ${name} and agree to them first.`,
    accept: 'Accept',
    accepting: 'Accepting…',
    accepted: (name: string) => `You have accepted the ${name}.`,
    inbox: 'Go to your inbox',
    checklist: 'Conditions for taking part',
    checklistLead: 'They are read from what CMS, the MLMS and NIPR send us.',
    met: 'Met',
    unmet: 'Not met',
    evidence: 'What we have',
    noEvidence: 'Nothing yet',
    asOf: (at: string) => `as of ${at}`,
    remedyLink: 'Do this at',
    evidenceWords: {
      from: (from: string, to: string) => `Complete on ${from}, in force until ${to}`,
      on: (date: string) => `Done on ${date}`,
      npnListed: {
        Y: 'Listed as valid',
        N: 'Listed as not valid',
        '-': 'Listed without a statement',
      } as Readonly<Record<string, string>>,
      status: (status: string, date: string) => `Status ${status} of ${date}`,
      states: (list: string) => `Licensed in ${list}`,
      openDate: 'no date',
      // for these two, nothing is what it should be
      none: {
        'not-terminated': 'No termination for this plan year',
        'individual-npn': 'No license of a business entity',
      } as Readonly<Partial<Record<ConditionName, string>>>,
    },
    none: 'There is no registration of yours for a plan year that is open.',
  },

  inbox: {
    title: 'Inbox',
    offers: 'Waiting for your answer',
    noOffers: 'No referral is waiting for you. This page shows a new one by itself.',
    offerHeading: (city: string, state: string, zip: string) => `${city}, ${state} ${zip}`,
    arrived: (place: string) => `A new referral in ${place} waits for your answer.`,
    language: 'Language',
    interpreter: '(an interpreter is fine)',
    need: 'Needs help with',
    coverageYear: 'Coverage year',
    timeLeft: 'Time left',
    left: (duration: string) => `${duration} left to answer.`,
    over: 'The time to answer is over.',
    accept: 'Accept',
    accepting: 'Accepting…',
    decline: 'Decline',
    declineLegend: 'Why do you decline?',
    declineMissing: 'Choose a reason.',
    declineSend: 'Decline this referral',
    declining: 'Declining…',
    cancel: 'Go back',
    acceptedHeading: (place: string) => `You accepted the referral in ${place}`,
    gone: 'This referral is no longer yours to answer.',
    dismiss: 'Close',
    mine: 'Your referrals',
    noneMine: 'Referrals you accept are listed here.',
    consumer: 'Consumer',
    phone: 'Phone',
    email: 'Email',
    none: 'Not given',
    acceptedAt: 'Accepted at',
    contactGone: 'The contact is no longer shown.',
    outcome: 'Report what came of it',
    outcomeReason: 'Why?',
    outcomeMissing: 'Choose what came of it.',
    reasonMissing: 'Choose a reason.',
    report: 'Report',
    reporting: 'Reporting…',
    reported: (outcome: string) => `Reported: ${outcome}.`,
    stage: { accepted: 'Call now', contacted: 'In touch', ended: 'Ended' },
    more: 'Show earlier referrals',
    news: 'What happened',
  },

  help: {
    title: 'Ask for help with health coverage',
    lead: 'Fill in this form once. We ask licensed agents and brokers near you, one at a time, and show you who will call.',
    name: { label: 'Your name', missing: 'Enter your name.', invalid: 'Enter your name on one line.' },
    phone: {
      label: 'Phone number',
      hint: 'A phone number or an email address is needed; with both you hear from us soonest.',
      missing: 'Enter a phone number or an email address.',
      invalid: 'Enter a US phone number of 10 digits, for example 801-555-0123.',
    },
    email: {
      label: 'Email address',
      missing: 'Enter a phone number or an email address.',
      invalid: 'Enter an email address such as ana@example.com.',
    },
    zip: {
      label: 'ZIP code',
      hint: 'Where you live, in 5 digits.',
      missing: 'Enter your ZIP code.',
      invalid: 'Enter a ZIP code of 5 digits.',
    },
    language: {
      label: 'Language you want to talk in',
      missing: 'Choose a language.',
      invalid: 'Choose a language.',
    },
    interpreter: { label: 'An interpreter is fine too' },
    coverageYear: {
      label: 'Which year is the coverage for?',
      missing: 'Choose a year.',
      invalid: 'Choose a year that we can help with.',
    },
    need: {
      label: 'What do you need help with?',
      hint: 'Medicare questions go to 1-800-MEDICARE (1-800-633-4227).',
      missing: 'Choose what you need help with.',
      invalid: 'Choose what you need help with.',
    },
    asker: {
      label: 'Who are you asking for?',
      adult: 'Myself: I am at least 18 years old',
      representative: 'Somebody else: I am authorized to act for that person',
      missing: 'Say whether you ask for yourself or for somebody else.',
      invalid: 'Say whether you ask for yourself or for somebody else.',
    },
    consent: {
      heading: 'Your consent',
      label: 'I agree to this.',
      missing: 'We can only pass your request on when you agree.',
      invalid: 'A newer text is in force. Please read it and agree again.',
    },
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
  },

  status: {
    title: 'Your request for help',
    agent: 'Your agent',
    agentName: 'Name',
    npn: 'NPN',
    npnNote: 'Ask whoever calls for this number. You can look it up at',
    since: (at: string) => `Since ${at}.`,
    live: 'This page shows every change by itself.',
    reconnecting: 'The connection is lost for the moment; we keep trying. What you see may be a little old.',
    keep: 'Keep the address of this page: it is the key to your request, so share it with nobody you do not trust.',
    withdraw: 'Withdraw my request',
    withdrawHeading: 'Withdraw your request?',
    withdrawText: 'Nobody will call you then. An agent who has your contact is told not to use it.',
    withdrawYes: 'Yes, withdraw it',
    withdrawNo: 'No, keep it',
    withdrawing: 'Withdrawing…',
    again: 'Ask for help again',
    unknown: {
      title: 'We cannot show this request',
      text: 'The link is not complete or not valid. Open the link from our message once more.',
    },
  },

  lost: {
    title: 'There is no such page',
    text: 'The address may be mistyped, or the page may have moved.',
    home: 'Go to the start page',
  },
  broken: { title: 'This page did not load', text: 'Please load it again.', reload: 'Load again' },
};

export type Words = typeof en;

/** The words of the pages in a language; English where the language has none yet. */
export function wordsIn(_language: string): Words {
  return en;
}
