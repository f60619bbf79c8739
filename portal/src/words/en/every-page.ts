import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import { notGovernment } from '../../../../domain/text/not-government.ts';
import { broken } from '../broken.ts';

/** Words of the frame, and of problems that any page can show. */
export const everyPage = {
  serviceName: 'Help On Demand',
  skip: 'Skip to main content',
  title: (page: string) => `${page} | Help On Demand`,

  /** The strip on top of every page. */
  banner: notGovernment.en as string,
  header: {
    navigation: 'Main',
    help: 'Ask for help',
    logIn: 'Agent log in',
    logOut: 'Log out',
    checklist: 'Checklist',
    profile: 'Profile',
    inbox: 'Inbox',
    availability: 'Availability',
    history: 'History',
    board: 'Agents',
    accounts: 'Accounts and keys',
    account: 'Account',
    greeting: (firstName: string) => `Logged in as ${firstName}`,
  },
  // the note about the service in docs/guide.md
  footer: {
    heading: 'About this service',
    note: `Help On Demand is a service contracted by the Centers for Medicare & Medicaid Services (CMS), and developed and hosted by Help On Demand. ${notGovernment.en} Referrals are not provided by CMS or the Marketplace, and they are no endorsement of an agent or broker by the Department of Health & Human Services or the U.S. Government.`,
    callCenter: 'Marketplace Call Center',
    callCenterNumbers: `${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay})`,
    helpDesk: 'Help desk for agents and brokers',
    howLong: 'How long it takes to find an agent',
    questions: 'Questions and answers',
    privacy: 'Privacy',
    accessibility: 'Accessibility',
  },

  /** What a page says while it may be out of date. */
  connection: {
    offline: (at: string) => `You are offline. The last update was at ${at}.`,
    lost: (at: string) => `No connection since ${at}.`,
    slow: 'Still waiting for an answer. Nothing you entered is lost.',
    mayMiss: 'You may be missing a referral.',
    mayBeOld: 'This page may be out of date.',
    notUpdated: (at: string) => `This could not be updated since ${at}.`,
  },

  /** What a page of an earlier version says. */
  upgrade: {
    text: 'There is a new version of this page. It loads by itself when you open another page.',
    load: 'Load it now',
  },

  loading: 'One moment…',
  tryAgain: 'Try again',
  problemHeading: 'This did not work',
  /** Texts by kind of problem. */
  problem: {
    unreachable:
      'We cannot be reached at the moment. Check your connection and try again; nothing you entered is lost.',
    'no-answer': 'There is no answer yet. Please try again.',
    unexpected: 'Something went wrong on our side. Please try again in a moment.',
    'too-many-requests': 'Too many tries in a short time. Please wait a few minutes and try again.',
    'not-answered-yet': 'We do not know yet if it was saved. Please try again: nothing is saved twice.',
    unavailable: 'We cannot answer right now. Please try again in a moment.',
    'account-changed': 'You are now logged in as someone else in this browser. Nothing was sent.',
    terminated:
      'The Marketplace has ended your agreement, so this is closed to you. Your checklist says why and whom to ask.',
    're-authentication-required': 'Nothing was saved, because the password was not confirmed.',
    forbidden: 'Your account cannot use this page.',
    'not-found': 'We cannot find this, or you can no longer see it.',
    'not-allowed-now': 'This is not possible now. The page shows the current state.',
    'referral-ended': 'This request has ended. The page shows the current state.',
    'offer-ended': 'The agent no longer has this request. The page shows the current state.',
    'registration-busy': 'Your registration is being saved right now. Please try again in a moment.',
    'offer-busy': 'An answer is being saved right now. Please look again in a moment.',
    'already-open':
      'There is an open request with this phone number or email address. We have sent its link there again.',
    'code-expired': 'This code can no longer be used. Ask for a new one.',
    'terms-version': 'A newer version of this document is in force. Please read that one.',
  },
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
      text: 'Tell us where you are and what you need. We ask agents and brokers near you; the one who accepts contacts you. It costs you nothing.',
      action: 'Ask for help',
      howLong: 'How long does it take?',
    },
    agent: {
      heading: 'I am an agent or broker',
      text: 'Log in to accept the terms, see where your registration stands, and answer referrals.',
      action: 'Log in',
      invitation:
        'New here? After you complete Help On Demand training, an invitation comes by email to the address in your MLMS profile. Its link is the way to register.',
    },
  },

  lost: {
    title: 'There is no such page',
    text: 'The address may be mistyped, or the page may have moved.',
    home: 'Go to the start page',
  },
  broken: broken.en,
};
