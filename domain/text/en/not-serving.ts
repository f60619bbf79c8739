import { helpContacts } from '../help-contacts.ts';
import type { Sentences } from '../sentences.ts';
import { at, list, until } from './times.ts';

/** To an agent: why they are offered no referrals now. */
export const notServingSentences: Sentences['notServing'] = {
  left: () => 'You have left Help On Demand.',
  held: () =>
    `Our operations team has put your account on hold. To learn why, write to the help desk: ${helpContacts.helpDesk}`,
  suspended: () => 'Something that you need is missing. Your checklist says what it is and how to fix it.',
  'not-active': () => 'You are not active yet. Your checklist says what comes next.',
  'no-state': () => 'You have no active license in a state that you want referrals from.',
  'no-channel': () =>
    'We have no way to reach you. Check your phone number and how you want to be contacted.',
  resting: () => 'You did not open your last offers, so we stopped sending them.',
  away: (moment) => `You are on time off${until(moment.until, moment.when)}.`,
  'switched-off': (moment) => `You have switched referrals off${until(moment.until, moment.when)}.`,
  'outside-hours': ({ until: end, when }) =>
    `You are outside your weekly hours${end ? `. They begin again at ${at(end, when)}` : ''}.`,
  'at-capacity': () =>
    'You have as many referrals as you can have before you get in touch. Update the outcome of one of them, and new ones can come.',
  'intake-paused': ({ states }) => `No new requests are taken from ${list(states)} at the moment.`,
};
