import type { Database } from '../../store/database/connection.ts';
import { type BackoffLimit, countAttempt, forgiveAttempt, takeBackAttempt } from '../../store/rate-limits.ts';
import { sha256 } from '../../store/tokens.ts';
import { fail } from '../http/problems.ts';
import type { RateLimiter, RateLimitSettings, Refund } from '../http/requests/rate-limits.ts';

/** One attempt to log in: the username (`usernameKey`), which need not exist, and the origin of the attempt. */
export interface LogInAttempt {
  username: string;
  /** Networks of the client (`networksOf`). */
  networks: readonly [string, ...string[]];
  /** SHA-256 of the device's token, if this username has logged in on that device before. */
  device?: string | undefined;
}

/** An attempt that was counted. It stays counted unless one of these is called. */
export interface CountedAttempt {
  /** The attempt was right: it is taken back, and failures of before are forgiven. */
  forgive: () => Promise<void>;
  /** The password was right and a second factor is missing: the attempt is taken back, and nothing is forgiven. */
  takeBack: () => Promise<void>;
}

/**
 * Counts an attempt before its password is checked, so that concurrent attempts count too. Every check of a password is
 * limited by this, at log-in and elsewhere.
 * @throws a problem of type `too-many-requests`; a refused attempt counts against no limit
 */
export type LogInLimiter = (attempt: LogInAttempt) => Promise<CountedAttempt>;

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

  async function countByNetwork(
    username: string,
    networks: LogInAttempt['networks'],
  ): Promise<CountedAttempt> {
    const both = `${username} ${networks.at(-1)}`;
    const refunds: Refund[] = [];
    const refundAll = async () => {
      for (const refund of refunds) await refund();
    };
    try {
      const refundNetworks = await limiter.count('logInByNetwork', networks);
      refunds.push(refundNetworks);
      refunds.push(await limiter.count('logInByBoth', both));
      const refundFirst = await limiter.tryCount('firstLogInsByBoth', both);
      if (refundFirst) refunds.push(refundFirst);
      const counted = await countWithBackoff(
        `logInByUsername:${refundFirst ? 'first' : 'again'}:${sha256(username)}`,
        refundFirst ? first : again,
      );
      return {
        async forgive() {
          await counted.forgive();
          await refundNetworks();
          await limiter.clear('logInByBoth', both);
          await limiter.clear('firstLogInsByBoth', both);
        },
        async takeBack() {
          await counted.takeBack();
          await refundAll();
        },
      };
    } catch (error) {
      await refundAll();
      throw error;
    }
  }

  async function countWithBackoff(key: string, limit: BackoffLimit): Promise<CountedAttempt> {
    const waitMs = await countAttempt(db, { key, at: now(), limit });
    if (waitMs > 0) fail('too-many-requests', { retryAfter: waitMs / 1000 });
    return {
      forgive: () => forgiveAttempt(db, key),
      takeBack: () => takeBackAttempt(db, key),
    };
  }
}
