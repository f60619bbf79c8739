import type { SendOutage } from './senders/send-outage.ts';

const second = 1_000;

/** Shortest and longest wait after a throttle, in milliseconds. SES names ten minutes (docs/sources.md). */
const bounds = {
  urgent: { least: 2 * second, most: 30 * second },
  bulk: { least: 60 * second, most: 600 * second },
} as const;

/**
 * Returns how long to wait before the next attempt, in milliseconds; undefined: as the retry policy says. What the provider
 * asks for is the least. After a throttle without that, a notice waits as long again as it has waited, within bounds. Chance
 * moves each wait by up to a half, so that notices that were refused together do not come back together.
 */
export function delayAfter(
  { retryAfterMs, isThrottle }: Pick<SendOutage, 'retryAfterMs' | 'isThrottle'>,
  { isBulk, waitedMs }: { isBulk: boolean; waitedMs: number },
): number | undefined {
  if (retryAfterMs !== undefined) return Math.round(retryAfterMs * (1 + Math.random() / 2));
  if (!isThrottle) return undefined;
  const { least, most } = bounds[isBulk ? 'bulk' : 'urgent'];
  return Math.round(Math.min(most, Math.max(least, waitedMs)) * (0.5 + Math.random()));
}
