import type { ChannelObstacle } from '../../agents/readiness.ts';
import type { AgentChannel } from '../../notifications/contact.ts';

/** How a message comes over a channel. */
export const byChannel: Readonly<Record<AgentChannel, string>> = {
  email: 'by email',
  text: 'by text',
  push: 'in the app',
};

/** What happened to a channel that works no more. */
export const failureOf: Readonly<Record<AgentChannel, string>> = {
  email: 'Mail to your address came back, or was reported as spam.',
  text: 'The phone company does not deliver our texts to your phone.',
  push: 'None of your devices receives our notifications any more.',
};

/** What an agent can do about a channel that works no more. */
export function remedyOf(channel: AgentChannel, because: ChannelObstacle): string {
  if (because === 'texts-stopped') return 'Text START to us from that phone.';
  return {
    email: 'Change the address in your MLMS profile.',
    text: 'Confirm the phone again with a code, or enter another cell phone.',
    push: 'Turn notifications on again in the app.',
  }[channel];
}
