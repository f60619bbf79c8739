import { createHash } from 'node:crypto';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Client, type CustomTypesConfig, Pool, type PoolConfig, TypeOverrides, types } from 'pg';
import { retryConflicts } from './retry-conflicts.ts';

/** What a pool needs beyond its URL. */
export interface DatabaseOptions {
  /** How many connections the pool opens at the most; 10 without it. */
  poolSize?: number;
  /** The name that `pg_stat_activity` shows. */
  name?: string;
  /** Hears of a connection that broke while idle: the pool replaces it, but an outage should be seen. */
  onIdleError?: (error: Error) => void;
}

/**
 * Opens a pool on a Postgres database; connections are made when first used, `destroy()` closes them.
 * A transaction that Postgres ends for another's sake is tried again.
 * Columns are camelCase in code and snake_case in Postgres. A `bigint` is read as a number and a `date` as its text (2026-11-01), because a day has no time zone.
 */
export function createDatabase<DB>(url: string, options: DatabaseOptions = {}): Kysely<DB> {
  const pool = openPool(url, options, { types: createTypes(), Client: PreparingClient });
  return retryConflicts(
    new Kysely<DB>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    }),
  );
}

/** Opens a pool of plain connections, for what reads and writes streams. Connections are made when first used. */
export function createPool(url: string, options: DatabaseOptions = {}): Pool {
  return openPool(url, options, {});
}

function openPool(
  url: string,
  { poolSize = 10, name = 'help-on-demand', onIdleError }: DatabaseOptions,
  more: PoolConfig,
) {
  const pool = new Pool({ connectionString: url, max: poolSize, application_name: name, ...more });
  pool.on('error', (error) => onIdleError?.(error));
  // one that breaks in use fails its query, which tells; unheard, its own event would end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * The first words of a query that each connection is to prepare once: one that takes longer to plan than to run. Its
 * text must be one of a few, as each is kept as long as the connection.
 */
const prepared = '/* prepared */';

/** Kysely has no way to name a statement, so that one says by its first words that it is to have a name. */
class PreparingClient extends Client {
  override query: Client['query'] = (...asked: unknown[]) => {
    const [text, values, ...rest] = asked;
    const isPrepared = typeof text === 'string' && text.trimStart().startsWith(prepared);
    const query = (...args: unknown[]) => (super.query as (...all: unknown[]) => never).apply(this, args);
    return isPrepared ? query({ name: nameOf(text), text, values }, ...rest) : query(...asked);
  };
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}

/** The parsers of this pool alone: pg's own registry is shared by the whole process. */
function createTypes(): CustomTypesConfig {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, parseWholeNumber);
  overrides.setTypeParser(types.builtins.DATE, (text) => text);
  return overrides;
}

function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('A bigint is too large for a number');
  return value;
}
