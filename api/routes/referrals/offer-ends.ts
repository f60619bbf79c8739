import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../http/problems.ts';

/** How long an end that the story has claimed may take to be written, and how often it is looked for. */
const endTimeoutMs = 2_000;
const endPollMs = 100;

export interface EndableOffer {
  endedAs: string | null;
  endedAt: Date | null;
}

/** What happened to the offer, and when. */
export function failOfferEnded({ endedAs, endedAt }: EndableOffer): never {
  return fail('offer-ended', { members: { end: endedAs, at: endedAt?.toISOString() } });
}

/**
 * Reads an offer until its end is written, or until there is what is asked for: the story claims an end before it
 * writes it down, and only the row tells which it was and when. Where that takes too long, the offer as read last.
 */
export async function readUntilEnded<Offer extends EndableOffer>(
  read: () => Promise<Offer>,
  isEnough: (offer: Offer) => boolean = () => false,
): Promise<Offer> {
  const giveUpAt = Date.now() + endTimeoutMs;
  for (;;) {
    const offer = await read();
    if (offer.endedAt || isEnough(offer) || Date.now() + endPollMs > giveUpAt) return offer;
    await sleep(endPollMs);
  }
}
