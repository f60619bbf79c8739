import { CompiledQuery } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '../../store/database/connection.ts';
import { sha256 } from '../../store/tokens.ts';
import { fail } from './problems.ts';

/** At most so many in so long. */
export interface RateLimit {
  points: number;
  windowMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * The limits of the doors. `requests` is the outer shield of one process, by network; the others are kept in
 * Postgres and hold across processes.
 */
export const defaultRateLimits = {
  requests: { points: 1200, windowMs: minute },
  /** Wrong passwords for one username from one network, or from one device that has logged in with it. */
  logInByBoth: { points: 10, windowMs: 15 * minute },
  /** So many of those in a day come from a network that has not failed much: it waits in a line of its own. */
  firstLogInsByBoth: { points: 3, windowMs: 24 * hour },
  /** Wrong passwords for one username from strangers: so many at once, then each waits longer, so long at the most. */
  logInByUsername: { points: 20, windowMs: 5 * minute },
  logInByNetwork: { points: 100, windowMs: 15 * minute },
  /** Registrations with one invitation: each is checked against all that is known, and its phone is looked up. */
  registrationsByInvitation: { points: 30, windowMs: 15 * minute },
  renewalsByNetwork: { points: 30, windowMs: hour },
  intakeByAddress: { points: 120, windowMs: hour },
  /** Requests for help, and messages that anybody can have sent, for one phone number or email address. */
  intakeByContact: { points: 20, windowMs: hour },
  messagesByContact: { points: 5, windowMs: hour },
  /** Codes that one request has sent, whatever numbers and addresses it names, and those that are tried for it. */
  codesByReferral: { points: 10, windowMs: hour },
  codeTriesByReferral: { points: 25, windowMs: hour },
  /** Texts with a code, which cost money and annoy whoever has the number. */
  phoneCodesByAgent: { points: 5, windowMs: hour },
  /** Mails that are asked for with nothing but an NPN: for one agent, and from one network. */
  agentRequestsByNpn: { points: 5, windowMs: 24 * hour },
  agentRequestsByNetwork: { points: 30, windowMs: hour },
} as const satisfies Record<string, RateLimit>;

export type RateLimitSettings = Record<keyof typeof defaultRateLimits, RateLimit>;

/** Limits by network. */
export type NetworkLimitName =
  | 'logInByNetwork'
  | 'renewalsByNetwork'
  | 'intakeByAddress'
  | 'agentRequestsByNetwork';
/** Limits that count what comes within a window; `logInByUsername` makes wait instead (`log-in-limits.ts`). */
export type LimitName = Exclude<keyof RateLimitSettings, 'requests' | 'logInByUsername' | NetworkLimitName>;

/** How many networks of one wider block have their full share: it holds many customers, or one who took it all. */
const widerBlockFactor = 4;

/** Counts against limits. `of` is what a limit is by; only its hash is kept. */
export interface RateLimiter {
  /** Counts one. @throws a problem of type `too-many-requests` once there were too many */
  count(name: LimitName, of: string): Promise<void>;
  /** Counts one for each of the networks that a request comes from. @throws as `count` does */
  countNetwork(name: NetworkLimitName, networks: readonly string[]): Promise<void>;
  /** Counts one, for a door whose answer must not tell whether there were too many. @returns whether there were not */
  tryCount(name: LimitName, of: string): Promise<boolean>;
  /** Takes the latest one back. */
  refund(name: LimitName, of: string): Promise<void>;
  refundNetwork(name: NetworkLimitName, networks: readonly string[]): Promise<void>;
  /** Begins anew. */
  clear(name: LimitName, of: string): Promise<void>;
}

export function createRateLimiter(db: Database, limits: RateLimitSettings): RateLimiter {
  const names = Object.keys(limits) as (keyof RateLimitSettings)[];
  const limiters = new Map(names.map((name) => [name, createLimiter(db, name, limits[name])]));
  const wider = new Map(names.map((name) => [name, createLimiter(db, `${name}Wider`, widen(limits[name]))]));
  const limiter = (name: keyof RateLimitSettings) => limiters.get(name) as RateLimiterPostgres;
  const byBlock = (name: NetworkLimitName, networks: readonly string[]) =>
    networks.map((network, at) => ({
      limiter: (at === 0 ? limiters : wider).get(name) as RateLimiterPostgres,
      key: sha256(network),
    }));
  return {
    count: async (name, of) => {
      await limiter(name).consume(sha256(of)).catch(failTooMany);
    },
    countNetwork: async (name, networks) => {
      for (const block of byBlock(name, networks)) await block.limiter.consume(block.key).catch(failTooMany);
    },
    tryCount: async (name, of) => {
      const taken = await limiter(name).consume(sha256(of)).catch(ignoreTooMany);
      return taken !== undefined;
    },
    refund: async (name, of) => void (await limiter(name).reward(sha256(of))),
    refundNetwork: async (name, networks) => {
      for (const block of byBlock(name, networks)) await block.limiter.reward(block.key);
    },
    clear: async (name, of) => void (await limiter(name).delete(sha256(of))),
  };
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
    storeClient: storeClientOf(db),
    storeType: 'client',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix,
    points,
    duration: windowMs / 1000,
    // the worker deletes what is over, once for all processes
    clearExpiredByTimeout: false,
  });
}

/** What the limiter takes for a Postgres client: it only ever calls `query`. */
function storeClientOf(db: Database) {
  return {
    query: async ({ text, values }: { text: string; values: unknown[] }) => {
      const { rows } = await db.executeQuery(CompiledQuery.raw(text, values));
      return { rows, rowCount: rows.length };
    },
  };
}

function ignoreTooMany(reason: unknown): undefined {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  return undefined;
}

function failTooMany(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  return fail('too-many-requests', { retryAfter: reason.msBeforeNext / 1000 });
}
