import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { type CustomTypesConfig, Pool, type PoolConfig, TypeOverrides, types } from 'pg';
import { type DatabaseLimits, databaseLimits, importLimitMs } from '../domain/time-limits.ts';
import { limitedClient } from './postgres-client.ts';
import { retryConflicts } from './retry-conflicts.ts';

/** Options of a pool. */
export interface DatabaseOptions {
  /** Maximum number of connections; 10 by default. */
  poolSize?: number;
  /** The name that `pg_stat_activity` shows. */
  name?: string;
  /** Called when an idle connection breaks. The pool replaces it, but an outage should be visible. */
  onIdleError?: (error: Error) => void;
  /** Limits of waiting, statements and transactions; by default those of somebody who waits. */
  limits?: DatabaseLimits;
}

/**
 * Opens a pool on a Postgres database. Connections are made on first use; `destroy()` closes them. Everything ends within
 * the limits, with an error that may be retried. A transaction that Postgres aborts because of a conflict with another
 * one is retried. Columns are camelCase in code and snake_case in Postgres. A `bigint` is read as a number. A `date` is
 * read as its text (2026-11-01), because a day has no time zone.
 */
export function createDatabase<DB>(url: string, options: DatabaseOptions = {}): Kysely<DB> {
  const pool = openPool(url, { limits: databaseLimits, ...options }, { types: createTypes() });
  return retryConflicts(
    new Kysely<DB>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    }),
  );
}

/**
 * Opens a pool of plain connections, for imports, which read and write streams. Connections are made on first use; a
 * transaction begins with the text `begin`.
 */
export function createPool(url: string, options: DatabaseOptions = {}): Pool {
  return openPool(url, { limits: importLimits(importLimitMs), ...options }, {});
}

/** Limits of an import that may take so long: imports of one feed wait for each other, for a connection or a lock. */
export function importLimits(withinMs: number): DatabaseLimits {
  return {
    waitMs: withinMs,
    lockMs: withinMs,
    statementMs: withinMs,
    idleMs: withinMs,
    transactionMs: withinMs,
  };
}

function openPool(
  url: string,
  {
    poolSize = 10,
    name = 'help-on-demand',
    onIdleError,
    limits,
  }: DatabaseOptions & { limits: DatabaseLimits },
  more: PoolConfig,
) {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    application_name: name,
    connectionTimeoutMillis: limits.waitMs,
    Client: limitedClient(limits),
    ...more,
  });
  pool.on('error', (error) => onIdleError?.(error));
  // a connection that breaks in use fails its query; without a listener its event would also end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
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
