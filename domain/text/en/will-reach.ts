import type { ContactWay } from '../../referrals/contact-times.ts';

/** What an agent will do, by the way in which the consumer wants to be reached. */
export const willReach: Readonly<Record<ContactWay, string>> = {
  call: 'will call you',
  relay: 'will call you through the relay service 711',
  text: 'will text you',
  email: 'will write to you by email',
};
