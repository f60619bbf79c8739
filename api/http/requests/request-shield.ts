import type { RequestHandler, Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { isApiPath } from '../page-paths.ts';
import { checkUse } from './count-use.ts';
import type { RateLimit } from './rate-limits.ts';
import { networkOf } from './request-origin.ts';

/**
 * Creates the outer limit of the requests of each network, within one process and in memory. Pages and files cost little
 * and are not counted: an office that opens many of them keeps its access to the API. Of webhook calls only the refused
 * ones count, because a provider reports every message from a few addresses.
 *
 * Memory grows by one entry for each network and ends with its window.
 */
export function createRequestShield({ points, windowMs }: RateLimit): RequestHandler {
  const [requests, refusedWebhooks] = ['requests', 'refusedWebhooks'].map(
    (keyPrefix) => new RateLimiterMemory({ keyPrefix, points, duration: windowMs / 1000 }),
  ) as [RateLimiterMemory, RateLimiterMemory];
  const count = async (limiter: RateLimiterMemory, network: string, response: Response) => {
    // counts like `consume`, which throws above the limit
    const { consumedPoints: uses, msBeforeNext: leftMs } = await limiter.penalty(network);
    checkUse({ name: limiter.keyPrefix, points, windowMs, uses, leftMs }, response);
  };
  return async (request, response, next) => {
    if (!isShielded(request.path)) return next();
    const network = networkOf(request);
    if (!isWebhook(request.path)) {
      await count(requests, network, response);
      return next();
    }
    response.on('finish', () => {
      if (response.statusCode < 400) void refusedWebhooks.reward(network);
    });
    await count(refusedWebhooks, network, response);
    next();
  };
}

/** Recognizes paths whose requests are counted. */
export function isShielded(path: string): boolean {
  return isApiPath(path) && !path.startsWith('/health/');
}

const isWebhook = (path: string) => path.startsWith('/v1/webhooks/');
