import type { ContactWay } from '../../../../domain/referrals/contact-times.ts';

/** Words of an agent's inbox and of the page behind an offer's link. */
export const inbox = {
  title: 'Inbox',
  offers: 'New referrals',
  noOffers: 'No referral is waiting for you. New ones appear here automatically.',
  offerHeading: (city: string, state: string, zip: string) => `${city}, ${state} ${zip}`,
  arrived: (place: string) => `A new referral in ${place} is waiting for your answer.`,
  language: 'Language',
  interpreter: '(or with an interpreter)',
  need: 'Needs help with',
  coverageYear: 'Coverage year',
  /** What a clock counts, and what a screen reader says of it now and then. */
  timeLeft: {
    offered: {
      left: 'left to respond',
      spoken: (duration: string) => `${duration} left to respond.`,
      over: 'The time to respond is over.',
    },
    accepted: {
      left: 'left to get in touch',
      spoken: (duration: string) => `${duration} left to get in touch.`,
      over: 'The time to get in touch is over.',
    },
  },
  /** Around the sentences that say why an agent is offered nothing. */
  notServing: {
    heading: 'You are not being offered referrals right now',
    link: {
      '/onboarding': 'Open your checklist',
      '/profile': 'Open your profile',
      '/availability': 'Hours and time off',
    } as Readonly<Record<string, string>>,
  },
  accept: 'Accept',
  accepting: 'Accepting…',
  decline: 'Decline',
  declineLegend: 'Why are you declining?',
  declineMissing: 'Choose a reason.',
  declineSend: 'Decline this referral',
  declining: 'Declining…',
  cancel: 'Go back',
  gone: 'This referral is no longer yours to answer.',
  dismiss: 'Close',
  mine: 'Your referrals',
  noneMine: 'Referrals you accept are listed here.',
  phone: 'Phone',
  email: 'Email',
  acceptedAt: (at: string) => `Accepted ${at}`,
  contactGone: 'The contact is no longer shown.',
  /** Buttons that begin a call or a message. */
  reach: {
    call: (phone: string) => `Call ${phone}`,
    relay: (phone: string) => `Call 711 (relay) for ${phone}`,
    text: (phone: string) => `Text ${phone}`,
    email: (email: string) => `Email ${email}`,
  },
  contactBy: 'Preferred contact',
  contactWay: {
    call: 'Phone call',
    relay: 'Phone call through a relay service (711)',
    text: 'Text message only',
    email: 'Email only',
  } satisfies Record<ContactWay, string>,
  contactTimes: 'Best time',
  anyTime: 'Any time',
  oneOffer: 'A referral for you',
  acceptedByLink: 'Log in to see who the consumer is and how to reach them.',
  toInbox: 'Open your inbox',
  unknownOffer: {
    title: 'We cannot show this offer',
    text: 'This offer is over or the link is incomplete. Open your inbox: an offer that waits for your answer is there, too.',
  },
  outcome: 'Update the outcome',
  outcomeReason: 'Why?',
  until: 'Until which day?',
  untilHint: 'For example 2026-12-15',
  untilMissing: 'Enter a day, for example 2026-12-15.',
  attempts: 'How many times did you try?',
  tries: {
    heading: 'Could not reach them?',
    soFar: (count: number, nextTry: string) =>
      `You tried ${count === 1 ? 'once' : `${count} times`} and will try again by ${nextTry}. We told the consumer.`,
    nextTry: 'When will you try again?',
    nextTryHint: (byDefault: string, latest: string) =>
      `Optional. If you leave it blank: by ${byDefault}. The latest is ${latest}.`,
    nextTryFault: (latest: string) => `Enter a time that is still to come, by ${latest} at the latest.`,
    /** Buttons that report a try. */
    report: {
      voicemail: () => 'Left a voicemail',
      'no-answer': (nextTry: string) => `No answer, will try again by ${nextTry}`,
      wrote: (nextTry: string) => `I wrote to them, will try again by ${nextTry}`,
    },
    reporting: 'Reporting…',
    noneLeft: 'You have tried as often as you need to. Please update the outcome, or hand the referral back.',
  },
  outcomeMissing: 'Choose the outcome.',
  reasonMissing: 'Choose a reason.',
  report: 'Report',
  reporting: 'Reporting…',
  reported: (outcome: string) => `Reported: ${outcome}.`,
  stage: { accepted: (due: string) => `Contact due ${due}`, contacted: 'In touch', ended: 'Ended' },
  more: 'Show earlier referrals',
  news: 'What happened',
};
