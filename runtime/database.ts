import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { type CustomTypesConfig, Pool, TypeOverrides, types } from 'pg';

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
 * Columns are camelCase in code and snake_case in Postgres. A `bigint` is read as a number and a `date` as its text (2026-11-01), because a day has no time zone.
 */
export function createDatabase<DB>(url: string, options: DatabaseOptions = {}): Kysely<DB> {
  const pool = new Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    application_name: options.name ?? 'help-on-demand',
    types: createTypes(),
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
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
