import type { ChannelObstacle } from '../../../../domain/agents/readiness.ts';
import type { AgentChannel } from '../../../../domain/notifications/contact.ts';

/** `3 emails came back, the last one at …` */
const failed = (one: string, many: string) => (count: number, at: string) =>
  count === 1 ? `${one}, at ${at}.` : `${many.replace('#', `${count}`)}, the last one at ${at}.`;

/** Words of the list of an agent's channels, with what came of the messages over each. */
export const channels = {
  heading: 'How we reach you',
  lead: 'What happened to our messages in the last 30 days, and what to do if one did not arrive.',
  name: {
    email: 'Email',
    text: 'Text messages',
    push: 'App notifications',
  } satisfies Record<AgentChannel, string>,
  state: { works: 'Working', fails: 'Failing', broken: 'Not working', unused: 'Not chosen' },
  arrived: (at: string) => `Last delivered at ${at}.`,
  noneArrived: 'None was delivered.',
  failed: {
    email: failed('One email came back', '# emails came back'),
    text: failed('Your phone rejected one text', 'Your phone rejected # texts'),
    push: failed('Your device rejected one notification', 'Your device rejected # notifications'),
  } satisfies Record<AgentChannel, (count: number, at: string) => string>,
  /** What to do about a channel that works, but whose last message failed. */
  check: {
    email: 'Check that your mailbox is not full and that you have not marked us as spam.',
    text: 'Check the number in your profile, and ask your carrier whether it blocks our texts.',
    push: 'Open this site on that device and turn notifications on again.',
  } satisfies Record<AgentChannel, string>,
  /** What to do about a channel that does not work. */
  mend: {
    'mail-returned':
      'We no longer write to this address. Correct it in your MLMS profile; your next training record brings it here.',
    'no-phone': 'Enter a cell phone number in your profile.',
    'no-texts-on-line': 'This number gets no texts. Enter a cell phone number in your profile.',
    'texts-stopped': 'You stopped our texts. Reply START to the last one to get them again.',
    'phone-unconfirmed': 'Confirm your phone in your profile, with the code that we text you.',
    'app-gone': 'No device of yours gets notifications any more. Turn them on again there.',
    'app-not-installed': 'No device of yours gets notifications yet.',
  } satisfies Record<ChannelObstacle, string>,
  unused: 'You have not chosen it in your profile, so we do not use it for referrals.',
  profile: 'Change how we reach you',
};
