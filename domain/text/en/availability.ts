import type { Sentences } from '../sentences.ts';
import { at, dayInFull, until } from './times.ts';

const why = {
  absent: 'You have entered an absence.',
  override: 'You have set this with the switch.',
  hours: 'Your weekly hours decide.',
  always: 'You have set no weekly hours.',
} as const;

/** Words about an agent's availability. */
export const availabilitySentences: Sentences['availability'] = {
  now: ({ isAvailable, because, changesAt, when }) =>
    `${isAvailable ? 'Available for referrals' : 'Not available for referrals'}${until(changesAt, when)}. ${why[because]}`,
  fault: {
    empty: 'These hours end at the time at which they start.',
    overlapping: 'This overlaps something that you have entered already.',
    'before-from': 'The last day is before the first.',
    past: 'This date has passed.',
    'too-many': 'You cannot enter more absences.',
  },
  weekday: {
    monday: 'Monday',
    tuesday: 'Tuesday',
    wednesday: 'Wednesday',
    thursday: 'Thursday',
    friday: 'Friday',
    saturday: 'Saturday',
    sunday: 'Sunday',
  },
  rest: {
    heading: 'Do your hours still hold?',
    because: ({ since, unseenOffers, when }) =>
      `You are offered no referrals since ${at(since, when)}, because the last ${unseenOffers} were not opened. Tell us that your hours still hold, or change them.`,
    confirm: 'Yes, my hours hold',
    confirmed: 'Thank you. You are offered referrals again.',
    change: 'Change my hours',
    unknown: 'This link is incomplete or no longer valid. Log in to see and change your hours.',
  },
  readiness: {
    heading: 'Will offers reach you?',
    ready: 'Yes: offers will reach you.',
    notReady: 'No offer will reach you as things are.',
    works: 'works',
    notChosen: 'not chosen in your profile',
    channel: {
      'mail-returned': 'mail to your address came back; change it in MLMS',
      'no-phone': 'no phone number in your profile',
      'no-texts-on-line': 'this line gets no texts; enter a cell phone',
      'texts-stopped': 'texts are stopped; text START to us to get them again',
      'phone-unconfirmed': 'the phone is not confirmed with a code',
      'app-gone': 'no device gets notifications any more; turn them on again',
      'app-not-installed': 'no device gets notifications yet',
    },
    time: {
      'on-hold': 'The operations team has put your account on hold. Please write to the help desk.',
      'not-serving':
        'You serve none of the states in which you want referrals. Your checklist says what is missing.',
      resting: 'You have not said that your hours still hold.',
      'no-hours-left': 'You are available at no time before your registration ends.',
      away: 'You have entered an absence.',
      'switched-off': 'You have switched referrals off.',
    },
  },
  testOffer: {
    heading: 'Test the way to you',
    lead: 'A test goes over every channel that you have chosen. Press the button behind its link or answer the text, and you see here which channels reach you.',
    send: 'Send me a test offer',
    status: {
      pending: 'on its way',
      sent: 'sent',
      delivered: 'delivered',
      refused: 'refused',
      lapsed: 'not sent in time',
      bounced: 'came back',
      complained: 'reported as spam',
    },
    answered: ({ at: instant, when }) => `answered at ${at(instant, when)}`,
    question:
      'Has a test offer brought you here? Press the button, and we know that offers reach you this way.',
    confirm: 'Yes, it has arrived',
    arrived: 'Your test has arrived. Offers reach you this way.',
    late: 'This test is over, so your answer does not count. Send yourself a new one on your availability page.',
    unknown: 'This link is incomplete or no longer valid.',
  },
  noChannel: {
    heading: 'No offer can reach you',
    text: 'There is no working channel to you, so you are not asked. Check your phone and how you want to be contacted in your profile.',
    link: 'Go to your profile',
  },
  switch: {
    heading: 'Are you available?',
    label: 'Available for referrals',
    forHowLong: 'For how long?',
    lengths: {
      'an-hour': 'For 1 hour',
      'four-hours': 'For 4 hours',
      'rest-of-day': 'For the rest of the day',
      'until-switched': 'Until I switch again',
    },
    clear: 'Let my weekly hours decide again',
    change: 'Weekly hours and absences',
  },
  page: {
    title: 'Your availability',
    lead: 'Referrals are offered to you only while you are available. An absence comes before the switch on your inbox page, and the switch before the weekly hours.',
    clock: (timeZone) => `All times are in the time zone of your ZIP code (${timeZone}).`,
    hours: 'Weekly hours',
    none: 'You have set no hours: you are available at any time.',
    dayOff: 'Not available',
    from: 'From',
    until: 'Until',
    nextDay: 'An end time that is not after the start time is on the next day. Midnight is 12:00 AM.',
    partOf: (weekday, number) => `${weekday}, hours ${number}`,
    add: (weekday) => `Add hours on ${weekday}`,
    remove: (part) => `Remove ${part}`,
    asMonday: 'Set Tuesday to Friday as Monday',
    wrong: 'Enter a time from which and a time until which you are available.',
    save: 'Save the hours',
    saving: 'Saving…',
    saved: 'Your weekly hours are saved.',
    absences: 'Absences',
    absencesLead: 'You are offered nothing from the first through the last day.',
    firstDay: { label: 'First day', missing: 'Enter the first day.', invalid: 'Enter a date.' },
    lastDay: { label: 'Last day', missing: 'Enter the last day.', invalid: 'Enter a date.' },
    enter: 'Enter this absence',
    entered: 'Your absence is entered.',
    noAbsences: 'You have entered no absence.',
    period: ({ from, until: last }) =>
      from === last ? dayInFull(from) : `${dayInFull(from)} through ${dayInFull(last)}`,
    takeBack: 'Take back',
    takenBack: 'The absence is taken back.',
  },
};
