import type { Response } from 'express';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../../store/database/connection.ts';
import { limiterClient } from '../../store/rate-limits.ts';
import { sha256 } from '../../store/tokens.ts';
import { countUse } from './count-use.ts';
import { ProblemError } from './problems.ts';

/** A maximum number of points within a window. */
export interface RateLimit {
  points: number;
  windowMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * Default limits. `requests` limits each network within one process, in memory; the others are counted in Postgres
 * across processes.
 */
export const defaultRateLimits = {
  requests: { points: 1200, windowMs: minute },
  /** Wrong passwords for one username from one network, or from one device that has logged in with it. */
  logInByBoth: { points: 10, windowMs: 15 * minute },
  /** How many of them a day are counted in the queue `first`; later ones are in `again` (`log-in-limits.ts`). */
  firstLogInsByBoth: { points: 3, windowMs: 24 * hour },
  /** Wrong passwords for one username from unknown devices: `points` at once, then growing waits up to `windowMs`. */
  logInByUsername: { points: 20, windowMs: 5 * minute },
  logInByNetwork: { points: 100, windowMs: 15 * minute },
  /** Registrations with one invitation: each costs password comparisons and a phone look-up. */
  registrationsByInvitation: { points: 30, windowMs: 15 * minute },
  renewalsByNetwork: { points: 30, windowMs: hour },
  intakeByNetwork: { points: 120, windowMs: hour },
  /** Requests for help, and messages that anybody can trigger, for one phone number or email address. */
  intakeByContact: { points: 20, windowMs: hour },
  messagesByContact: { points: 5, windowMs: hour },
  /** Codes sent for one request, to any phone or address, and codes entered for it. */
  codesByReferral: { points: 10, windowMs: hour },
  codeTriesByReferral: { points: 25, windowMs: hour },
  /** Texts with a code, which cost money and disturb the owner of the number. */
  phoneCodesByAgent: { points: 5, windowMs: hour },
  testOffersByAgent: { points: 3, windowMs: hour },
  /** Mails that are requested with only an NPN: to one agent, and from one network. */
  agentRequestsByNpn: { points: 5, windowMs: 24 * hour },
  agentRequestsByNetwork: { points: 30, windowMs: hour },
} as const satisfies Record<string, RateLimit>;

export type RateLimitSettings = Record<keyof typeof defaultRateLimits, RateLimit>;

/** Limits that count within a window. `logInByUsername` makes attempts wait instead (`log-in-limits.ts`). */
export type LimitName = Exclude<keyof RateLimitSettings, 'requests' | 'logInByUsername'>;

/** What a limit counts: the networks of a request (`networksOf`), or something else, such as a phone number. */
type LimitKey<Name extends LimitName> = Name extends `${string}ByNetwork` ? readonly string[] : string;

/** Allowance of a wider network block as a multiple of one network's. One customer or many can use such a block. */
const widerBlockFactor = 4;

/** Subtracts what was counted. */
export type Refund = () => Promise<void>;

/** Counts against limits in Postgres. Only the hash of a key is stored. */
export interface RateLimiter {
  /**
   * Counts one.
   * @param shownIn as of `countUse`
   * @throws a problem of type `too-many-requests` above the limit
   */
  count<Name extends LimitName>(name: Name, key: LimitKey<Name>, shownIn?: Response): Promise<Refund>;
  /** Counts one, for routes whose response must not reveal the limit. @returns undefined above the limit */
  tryCount<Name extends LimitName>(name: Name, key: LimitKey<Name>): Promise<Refund | undefined>;
  /** Resets the count to zero. */
  clear<Name extends LimitName>(name: Name, key: LimitKey<Name>): Promise<void>;
}

/** Creates the limiter. A wider network block has `widerBlockFactor` times the allowance of one network. */
export function createRateLimiter(db: Database, limits: RateLimitSettings): RateLimiter {
  const names = Object.keys(limits) as LimitName[];
  const limiters = new Map(names.map((name) => [name, createLimiter(db, name, limits[name])]));
  const wider = new Map(names.map((name) => [name, createLimiter(db, `${name}Wider`, widen(limits[name]))]));
  const countersOf = (name: LimitName, keys: string | readonly string[]) =>
    [keys].flat().map((key, at) => ({
      limiter: (at === 0 ? limiters : wider).get(name) as RateLimiterPostgres,
      key: sha256(key),
    }));
  const limiter: RateLimiter = {
    async count(name, keys, shownIn) {
      const counters = countersOf(name, keys);
      for (const { limiter: one, key } of counters) await countUse(one, key, shownIn);
      return async () => {
        for (const { limiter: one, key } of counters) await one.reward(key);
      };
    },
    tryCount: (name, keys) =>
      limiter.count(name, keys).catch((error: unknown) => {
        if (error instanceof ProblemError) return undefined;
        throw error;
      }),
    async clear(name, keys) {
      for (const { limiter: one, key } of countersOf(name, keys)) await one.delete(key);
    },
  };
  return limiter;
}

const widen = ({ points, windowMs }: RateLimit): RateLimit => ({
  points: points * widerBlockFactor,
  windowMs,
});

function createLimiter(
  db: Database,
  keyPrefix: string,
  { points, windowMs }: RateLimit,
): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: limiterClient(db),
    storeType: 'client',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix,
    points,
    duration: windowMs / 1000,
    // the worker deletes expired rows for all processes
    clearExpiredByTimeout: false,
  });
}
