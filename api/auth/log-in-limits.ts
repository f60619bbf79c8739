import type { Database } from '../../store/database/connection.ts';
import { type BackoffLimit, countAttempt, forgiveAttempt } from '../../store/rate-limits.ts';
import { sha256 } from '../../store/tokens.ts';
import { fail } from '../http/problems.ts';
import type { RateLimiter, RateLimitSettings } from '../http/rate-limits.ts';

/** One attempt to log in: the username (`usernameKey`), which need not exist, and the origin of the attempt. */
export interface LogInAttempt {
  username: string;
  /** Networks of the client (`networksOf`). */
  networks: readonly [string, ...string[]];
  /** SHA-256 of the device's token, if this username has logged in on that device before. */
  device?: string | undefined;
}

/**
 * Counts an attempt before its password is checked, so that concurrent attempts count too. Every check of a password is
 * limited by this, at log-in and elsewhere.
 * @returns a function that refunds the attempt; call it when the password was right
 * @throws a problem of type `too-many-requests`; a refused attempt counts against no limit
 */
export type LogInLimiter = (attempt: LogInAttempt) => Promise<() => Promise<void>>;

const day = 24 * 60 * 60_000;

/**
 * Creates the limiter of log-in attempts.
 *
 * A known device of the username has an allowance of its own, so that no stranger locks the owner out. All other attempts
 * are counted by network, and together by username in two queues: `first` for networks with few failures, `again` for the
 * others. Each queue allows a few attempts at once and then makes each wait longer than the last, up to a maximum. So
 * guessing is slow, and an attacker who fills the `first` queue, where an owner on a new device waits, needs a new network
 * for every few attempts.
 */
export function createLogInLimiter(
  { db, now }: { db: Database; now: () => Date },
  limiter: RateLimiter,
  { logInByBoth, logInByUsername }: RateLimitSettings,
): LogInLimiter {
  const { points, windowMs } = logInByUsername;
  const again: BackoffLimit = { points, maxWaitMs: windowMs, resetAfterMs: day };
  const first: BackoffLimit = { ...again, maxWaitMs: Math.ceil(windowMs / 10) };
  const ofDevice: BackoffLimit = {
    points: logInByBoth.points,
    maxWaitMs: logInByBoth.windowMs,
    resetAfterMs: day,
  };

  return ({ username, networks, device }) =>
    device === undefined
      ? countByNetwork(username, networks)
      : countWithBackoff(`logInByDevice:${sha256(`${username} ${device}`)}`, ofDevice);

  async function countByNetwork(username: string, networks: LogInAttempt['networks']) {
    const both = `${username} ${networks.at(-1)}`;
    const undo: (() => Promise<void>)[] = [];
    try {
      await limiter.countNetwork('logInByNetwork', networks);
      undo.push(() => limiter.refundNetwork('logInByNetwork', networks));
      await limiter.count('logInByBoth', both);
      undo.push(() => limiter.refund('logInByBoth', both));
      const isFirst = await limiter.tryCount('firstLogInsByBoth', both);
      undo.push(() => limiter.refund('firstLogInsByBoth', both));
      const queue = isFirst ? 'first' : 'again';
      const forgive = await countWithBackoff(
        `logInByUsername:${queue}:${sha256(username)}`,
        isFirst ? first : again,
      );
      return async () => {
        await forgive();
        await limiter.refundNetwork('logInByNetwork', networks);
        await limiter.clear('logInByBoth', both);
        await limiter.clear('firstLogInsByBoth', both);
      };
    } catch (error) {
      for (const refund of undo) await refund();
      throw error;
    }
  }

  async function countWithBackoff(key: string, limit: BackoffLimit): Promise<() => Promise<void>> {
    const waitMs = await countAttempt(db, { key, at: now(), limit });
    if (waitMs > 0) fail('too-many-requests', { retryAfter: waitMs / 1000 });
    return () => forgiveAttempt(db, { key, at: now() });
  }
}
