import { type AgentChannel, type Channel } from '../notifications/contact.ts';
import type { DeliveryStatus } from '../notifications/notices.ts';
import { offerSentUntil } from './offer.ts';

/** Shortest time between two messages about one offer, and from the last one to the end: less is no time to answer in. */
const leastGapMs = 60_000;

/**
 * Computes when an agent who has neither answered nor looked is told of the offer again, ascending. A time that comes
 * within a minute of the message before it, or when an offer is not sent any more, is left out: a short window has none.
 * @param shares parts of the window after which the agent is told again, ascending, 0 to 1
 */
export function nudgeTimes(offer: { offeredAt: Date; expiresAt: Date }, shares: readonly number[]): Date[] {
  const [begin, end] = [offer.offeredAt.getTime(), offer.expiresAt.getTime()];
  const until = Math.min(offerSentUntil(offer).getTime(), end - leastGapMs);
  const times: number[] = [];
  for (const share of shares) {
    const at = begin + Math.round((end - begin) * share);
    if (at - (times.at(-1) ?? begin) >= leastGapMs && at <= until) times.push(at);
  }
  return times.map((at) => new Date(at));
}

/** A message about an offer: the first one, or a nudge. */
export interface OfferMessage {
  isNudge: boolean;
  channel: Channel;
  status: DeliveryStatus;
}

/** Statuses of a message that the agent cannot have read: it is still being sent, or did not arrive. */
const unread: ReadonlySet<DeliveryStatus> = new Set([
  'pending',
  'refused',
  'lapsed',
  'bounced',
  'complained',
]);

/** The order in which channels are noticed: what sounds in a pocket before mail, which waits to be opened. */
const noticedFirst = ['text', 'push', 'email'] as const satisfies readonly AgentChannel[];

/**
 * Chooses the one channel of the next nudge: of those over which the messages of this offer arrive, one that was nudged
 * over least often, the most noticed first.
 * @param open channels that the agent prefers and that reach them now
 * @param sent the messages about the offer so far
 * @returns undefined if no channel works
 */
export function nudgeChannel(
  open: readonly AgentChannel[],
  sent: readonly OfferMessage[],
): AgentChannel | undefined {
  const over = (channel: AgentChannel) => sent.filter((message) => message.channel === channel);
  const nudges = (channel: AgentChannel) => over(channel).filter(({ isNudge }) => isNudge).length;
  return noticedFirst
    .filter((channel) => open.includes(channel) && !over(channel).some(({ status }) => unread.has(status)))
    .toSorted((one, other) => nudges(one) - nudges(other))[0];
}
