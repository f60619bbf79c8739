import { createHash } from 'node:crypto';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Client, type CustomTypesConfig, Pool, type PoolConfig, TypeOverrides, types } from 'pg';
import { retryConflicts } from './retry-conflicts.ts';

/** Options of a pool. */
export interface DatabaseOptions {
  /** Maximum number of connections; 10 by default. */
  poolSize?: number;
  /** The name that `pg_stat_activity` shows. */
  name?: string;
  /** Called when an idle connection breaks. The pool replaces it, but an outage should be visible. */
  onIdleError?: (error: Error) => void;
}

/**
 * Opens a pool on a Postgres database. Connections are made on first use; `destroy()` closes them. A transaction that
 * Postgres aborts because of a conflict with another one is retried. Columns are camelCase in code and snake_case in
 * Postgres. A `bigint` is read as a number. A `date` is read as its text (2026-11-01), because a day has no time zone.
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

/** Opens a pool of plain connections, for code that reads and writes streams. Connections are made on first use. */
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
  // a connection that breaks in use fails its query; without a listener its event would also end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Marks a query, as its first words, that each connection prepares once: one that takes longer to plan than to run.
 * Such queries must have few distinct texts, because a connection keeps each of them until it closes.
 */
const prepared = '/* prepared */';

/** Names the statements that begin with the mark above, because Kysely has no way to name one. */
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

/** Parsers of this pool only, because pg's own registry is shared by the whole process. */
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
