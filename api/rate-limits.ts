import { CompiledQuery } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '../store/database.ts';
import { sha256 } from '../store/links.ts';
import { fail } from './problems.ts';

/** At most so many in so long. */
export interface Limit {
  points: number;
  windowMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * The limits of the doors. `requests` is the outer shield of one process, by address; the others are kept in
 * Postgres and hold across processes.
 */
export const defaultRateLimits = {
  requests: { points: 1200, windowMs: minute },
  /** Wrong passwords for one username from one address, for one username at all, and from one address at all. */
  logInByBoth: { points: 10, windowMs: 15 * minute },
  logInByUsername: { points: 50, windowMs: 15 * minute },
  logInByAddress: { points: 100, windowMs: 15 * minute },
  renewalsByNetwork: { points: 30, windowMs: hour },
  intakeByAddress: { points: 120, windowMs: hour },
  /** Requests for help, and messages that anybody can have sent, for one phone number or email address. */
  intakeByContact: { points: 20, windowMs: hour },
  messagesByContact: { points: 5, windowMs: hour },
  /** Texts with a code, which cost money and annoy whoever has the number. */
  phoneCodesByAgent: { points: 5, windowMs: hour },
  /** Mails that are asked for with nothing but an NPN: for one agent, and from one network. */
  agentRequestsByNpn: { points: 5, windowMs: 24 * hour },
  agentRequestsByNetwork: { points: 30, windowMs: hour },
} as const satisfies Record<string, Limit>;

export type RateLimits = Record<keyof typeof defaultRateLimits, Limit>;
export type LimitName = Exclude<keyof RateLimits, 'requests'>;

/** Counts against limits. `of` is what a limit is by; only its hash is kept. */
export interface RateLimiter {
  /** Counts one. @throws a problem of type `too-many-requests` once there were too many */
  count(name: LimitName, of: string): Promise<void>;
  /** Counts one, for a door whose answer must not tell whether there were too many. @returns whether there were not */
  isWithin(name: LimitName, of: string): Promise<boolean>;
  /** Takes the latest one back. */
  takeBack(name: LimitName, of: string): Promise<void>;
  /** Begins anew. */
  clear(name: LimitName, of: string): Promise<void>;
}

export function createRateLimiter(db: Database, limits: RateLimits): RateLimiter {
  const names = Object.keys(limits).filter((name): name is LimitName => name !== 'requests');
  const limiters = new Map(names.map((name) => [name, createLimiter(db, name, limits[name])]));
  const limiter = (name: LimitName) => limiters.get(name) as RateLimiterPostgres;
  return {
    count: async (name, of) => {
      await limiter(name).consume(sha256(of)).catch(refuse);
    },
    isWithin: async (name, of) => {
      const taken = await limiter(name).consume(sha256(of)).catch(onlyTooMany);
      return taken !== undefined;
    },
    takeBack: async (name, of) => void (await limiter(name).reward(sha256(of))),
    clear: async (name, of) => void (await limiter(name).delete(sha256(of))),
  };
}

function createLimiter(db: Database, name: LimitName, { points, windowMs }: Limit): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: storeOf(db),
    storeType: 'client',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: name,
    points,
    duration: windowMs / 1000,
    // the worker deletes what is over, once for all processes
    clearExpiredByTimeout: false,
  });
}

/** What the limiter takes for a Postgres client: it only ever calls `query`. */
function storeOf(db: Database) {
  return {
    query: async ({ text, values }: { text: string; values: unknown[] }) => {
      const { rows } = await db.executeQuery(CompiledQuery.raw(text, values));
      return { rows, rowCount: rows.length };
    },
  };
}

function onlyTooMany(reason: unknown): undefined {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  return undefined;
}

function refuse(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  return fail('too-many-requests', { retryAfter: reason.msBeforeNext / 1000 });
}
