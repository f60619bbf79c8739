import type { Database } from '../../store/database/connection.ts';
import { type BackoffLimit, countAttempt, forgiveAttempt } from '../../store/rate-limits.ts';
import { sha256 } from '../../store/tokens.ts';
import { fail } from '../http/problems.ts';
import type { RateLimiter, RateLimitSettings } from '../http/rate-limits.ts';

/** Who tries a password, and for which username (`usernameKey`), whether it exists or not. */
export interface LogInAttempt {
  username: string;
  /** `networksOf` the request. */
  networks: readonly [string, ...string[]];
  /** The hash of the device's token, where somebody has logged in with this username on it. */
  device?: string | undefined;
}

/**
 * The limits of passwords that are tried, at log-in and wherever else one is checked. A try counts before its password is
 * looked at, so that those that come together count too.
 * @returns what takes the try back: the password was right
 * @throws a problem of type `too-many-requests`; a try that is refused counts nowhere
 */
export type LogInLimiter = (tried: LogInAttempt) => Promise<() => Promise<void>>;

const day = 24 * 60 * 60_000;

/**
 * A device that somebody has logged in on with the username has an allowance of its own, so that no stranger locks its
 * owner out. Everybody else is counted by network, and all of them together by username, in two lines: networks without
 * a failure so far, and the others. Each line takes a few tries at once and then makes each wait longer than the last, up
 * to a bound: so guessing has a ceiling, and whoever keeps one line busy has to bring a new network for each try in the
 * other, in which an owner on a new device waits.
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
      ? countStranger(username, networks)
      : pass(`logInByDevice:${sha256(`${username} ${device}`)}`, ofDevice);

  async function countStranger(username: string, networks: LogInAttempt['networks']) {
    const both = `${username} ${networks.at(-1)}`;
    const undo: (() => Promise<void>)[] = [];
    try {
      await limiter.countNetwork('logInByNetwork', networks);
      undo.push(() => limiter.refundNetwork('logInByNetwork', networks));
      await limiter.count('logInByBoth', both);
      undo.push(() => limiter.refund('logInByBoth', both));
      const isFirst = await limiter.tryCount('firstLogInsByBoth', both);
      undo.push(() => limiter.refund('firstLogInsByBoth', both));
      const line = isFirst ? 'first' : 'again';
      const forgive = await pass(`logInByUsername:${line}:${sha256(username)}`, isFirst ? first : again);
      return async () => {
        await forgive();
        await limiter.refundNetwork('logInByNetwork', networks);
        await limiter.clear('logInByBoth', both);
        await limiter.clear('firstLogInsByBoth', both);
      };
    } catch (error) {
      for (const one of undo) await one();
      throw error;
    }
  }

  async function pass(key: string, limit: BackoffLimit): Promise<() => Promise<void>> {
    const waitMs = await countAttempt(db, { key, at: now(), limit });
    if (waitMs > 0) fail('too-many-requests', { retryAfter: waitMs / 1000 });
    return () => forgiveAttempt(db, { key, at: now() });
  }
}
