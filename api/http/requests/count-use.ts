import type { Response } from 'express';
import { fail } from '../problems.ts';

/** A use of a limit that was counted. */
export interface CountedUse {
  /** Name of the limit, in camelCase. */
  name: string;
  /** Uses that pass within a window. */
  points: number;
  windowMs: number;
  /** Uses within this window, the counted one among them. */
  uses: number;
  /** Milliseconds until the window ends. */
  leftMs: number;
}

/**
 * Checks a use that was counted.
 * @param shownIn response that shows what is left; only for a limit of the sender's own, never for one of somebody whom
 * the sender names, such as the owner of a phone number
 * @throws a problem of type `too-many-requests` above the limit
 */
export function checkUse(use: CountedUse, shownIn: Response | undefined): void {
  if (shownIn) showLimit(shownIn, use);
  if (use.uses > use.points) fail('too-many-requests', { retryAfter: use.leftMs / 1000 });
}

/** Headers of a response that a limit counted, with their descriptions (draft-ietf-httpapi-ratelimit-headers-11). */
export const rateLimitHeaders = {
  'RateLimit-Policy':
    'The rate limit that is nearest to its end of those that counted the request: its name, its quota (`q`) and its window in seconds (`w`)',
  RateLimit: 'What is left of that limit (`r`), and the seconds until all of it is there again (`t`)',
} as const;

/** Shows a limit, unless the response shows one with less left. No field has the key: it may be an address. */
function showLimit(response: Response, { name, points, windowMs, uses, leftMs }: CountedUse): void {
  const remaining = Math.max(points - uses, 0);
  const { least = Number.POSITIVE_INFINITY } = response.locals as { least?: number };
  if (remaining > least) return;
  response.locals['least'] = remaining;
  const shownName = JSON.stringify(name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  response.set({
    'RateLimit-Policy': `${shownName};q=${points};w=${Math.ceil(windowMs / 1000)}`,
    RateLimit: `${shownName};r=${remaining};t=${Math.ceil(leftMs / 1000)}`,
  } satisfies Record<keyof typeof rateLimitHeaders, string>);
}
