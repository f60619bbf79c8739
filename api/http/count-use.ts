import type { Response } from 'express';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { fail } from './problems.ts';

/**
 * Counts one use of a limit, also above the limit.
 * @param shownIn response that shows what is left; only for a limit of the sender's own, never for one of somebody whom
 * the sender names, such as the owner of a phone number
 * @throws a problem of type `too-many-requests` above the limit
 */
export async function countUse(
  limiter: RateLimiterAbstract,
  key: string,
  shownIn: Response | undefined,
): Promise<void> {
  // counts like `consume`, which throws the usage above the limit instead of returning it
  const usage = await limiter.penalty(key);
  if (shownIn) showLimit(shownIn, limiter, usage);
  if (usage.consumedPoints > limiter.points)
    fail('too-many-requests', { retryAfter: usage.msBeforeNext / 1000 });
}

/** Headers of a response that a limit counted, with their descriptions (draft-ietf-httpapi-ratelimit-headers-11). */
export const rateLimitHeaders = {
  'RateLimit-Policy':
    'The rate limit that is nearest to its end of those that counted the request: its name, its quota (`q`) and its window in seconds (`w`)',
  RateLimit: 'What is left of that limit (`r`), and the seconds until all of it is there again (`t`)',
} as const;

/** Shows a limit, unless the response shows one with less left. No field has the key: it may be an address. */
function showLimit(
  response: Response,
  { keyPrefix, points, duration }: RateLimiterAbstract,
  { remainingPoints, msBeforeNext }: RateLimiterRes,
): void {
  const { least = Number.POSITIVE_INFINITY } = response.locals as { least?: number };
  if (remainingPoints > least) return;
  response.locals['least'] = remainingPoints;
  const name = JSON.stringify(keyPrefix.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  response.set({
    'RateLimit-Policy': `${name};q=${points};w=${Math.ceil(duration)}`,
    RateLimit: `${name};r=${remainingPoints};t=${Math.ceil(msBeforeNext / 1000)}`,
  } satisfies Record<keyof typeof rateLimitHeaders, string>);
}
