import type { Response } from 'express';
import type { Database } from '../../../store/database/connection.ts';
import { clearUses, countUses, takeBackUses, type UseCounter } from '../../../store/rate-limits.ts';
import { sha256 } from '../../../store/tokens.ts';
import { ProblemError } from '../problems.ts';
import { checkUse } from './count-use.ts';

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
  /** Wrong codes of an authenticator app, after the right password: from all unknown devices, and from each known one. */
  codesByAccount: { points: 30, windowMs: 24 * hour },
  /** Challenges for passkeys: each page with the form to log in asks for one, and an office shares an address. */
  passkeysByNetwork: { points: 300, windowMs: 15 * minute },
  /** The same for a device on which somebody has logged in, so that strangers in its network shut nobody out. */
  passkeysByDevice: { points: 60, windowMs: 15 * minute },
  /** Registrations with one invitation: each costs password comparisons and a phone look-up. */
  registrationsByInvitation: { points: 30, windowMs: 15 * minute },
  renewalsByNetwork: { points: 30, windowMs: hour },
  intakeByNetwork: { points: 120, windowMs: hour },
  /** Requests for help, and messages that anybody can trigger, for one phone number or email address. */
  intakeByContact: { points: 20, windowMs: hour },
  messagesByContact: { points: 5, windowMs: hour },
  messagesByContactADay: { points: 15, windowMs: 24 * hour },
  /** Codes sent for one request, to any phone or address, and codes entered for it. */
  codesByReferral: { points: 10, windowMs: hour },
  codeTriesByReferral: { points: 25, windowMs: hour },
  /** Texts with a code, which cost money and disturb the owner of the number. */
  phoneCodesByAgent: { points: 5, windowMs: hour },
  testOffersByAgent: { points: 3, windowMs: hour },
  /** Mails that are requested with only an NPN: to one agent, and from one network. */
  agentRequestsByNpn: { points: 5, windowMs: 24 * hour },
  agentRequestsByNetwork: { points: 30, windowMs: hour },
  /** Mails with a link to a new password: for one username from one network, from all, and from a known device. */
  passwordResetsByBoth: { points: 3, windowMs: 24 * hour },
  passwordResetsByUsername: { points: 10, windowMs: 24 * hour },
  passwordResetsByDevice: { points: 5, windowMs: 24 * hour },
  passwordResetsByNetwork: { points: 30, windowMs: hour },
} as const satisfies Record<string, RateLimit>;

export type RateLimitSettings = Record<keyof typeof defaultRateLimits, RateLimit>;

/**
 * Limits that the limiter counts within a window. `logInByUsername` makes attempts wait instead (`log-in-limits.ts`), and
 * `codesByAccount` has a counter of its own (`code-limit.ts`).
 */
export type LimitName = Exclude<keyof RateLimitSettings, 'requests' | 'logInByUsername' | 'codesByAccount'>;

/** What a limit counts: the networks of a request (`networksOf`), or something else, such as a phone number. */
type LimitKey<Name extends LimitName> = Name extends `${string}ByNetwork` ? readonly string[] : string;

/** Allowance of a wider network block as a multiple of one network's. One customer or many can use such a block. */
const widerBlockFactor = 4;

/** Subtracts what was counted. */
export type Refund = () => Promise<void>;

/** A use of a limit. @param shownIn as of `checkUse` */
export type LimitUse = {
  [Name in LimitName]: { name: Name; key: LimitKey<Name>; shownIn?: Response | undefined };
}[LimitName];

/** Counts against limits in Postgres. Only the hash of a key is stored. */
export interface RateLimiter {
  /**
   * Counts one.
   * @param shownIn as of `checkUse`
   * @throws a problem of type `too-many-requests` above the limit
   */
  count<Name extends LimitName>(name: Name, key: LimitKey<Name>, shownIn?: Response): Promise<Refund>;
  /**
   * Counts uses of several limits, one after another in one statement.
   * @throws a problem as of `count` for the first that is above its limit; those behind it are not counted
   */
  countAll(uses: readonly LimitUse[]): Promise<Refund>;
  /** Counts one, for routes whose response must not reveal the limit. @returns undefined above the limit */
  tryCount<Name extends LimitName>(name: Name, key: LimitKey<Name>): Promise<Refund | undefined>;
  /** Counts uses as `countAll` does, for such routes. @returns undefined above one of the limits */
  tryCountAll(uses: readonly LimitUse[]): Promise<Refund | undefined>;
  /** Resets the count to zero. */
  clear<Name extends LimitName>(name: Name, key: LimitKey<Name>): Promise<void>;
}

/** A counter of a use: one for each network block, and one for anything else. */
interface LimitCounter extends UseCounter {
  name: string;
  shownIn: Response | undefined;
}

/** Creates the limiter. A wider network block has `widerBlockFactor` times the allowance of one network. */
export function createRateLimiter(db: Database, limits: RateLimitSettings): RateLimiter {
  const countersOf = ({ name, key: keys, shownIn }: LimitUse): LimitCounter[] =>
    [keys].flat().map((key, at) => {
      const { points, windowMs } = limits[name];
      const wider = { name: `${name}Wider`, points: points * widerBlockFactor, windowMs };
      const counter = at === 0 ? { name, points, windowMs } : wider;
      return { ...counter, key: `${counter.name}:${sha256(key)}`, shownIn };
    });
  const keysOf = (use: LimitUse) => countersOf(use).map(({ key }) => key);
  const limiter: RateLimiter = {
    count: (name, key, shownIn) => limiter.countAll([{ name, key, shownIn } as LimitUse]),
    async countAll(uses) {
      const counters = uses.flatMap(countersOf);
      const now = Date.now();
      const counted = await countUses(db, counters, now);
      for (const [at, { endsAt, ...one }] of counted.entries()) {
        const { shownIn, ...counter } = counters[at] as LimitCounter;
        checkUse({ ...counter, ...one, leftMs: endsAt - now }, shownIn);
      }
      return () =>
        takeBackUses(
          db,
          counters.map(({ key }) => key),
          Date.now(),
        );
    },
    tryCount: (name, key) => limiter.tryCountAll([{ name, key } as LimitUse]),
    tryCountAll: (uses) =>
      limiter.countAll(uses).catch((error: unknown) => {
        if (error instanceof ProblemError) return undefined;
        throw error;
      }),
    clear: (name, key) => clearUses(db, keysOf({ name, key } as LimitUse)),
  };
  return limiter;
}
