import { createHash } from 'node:crypto';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';

/**
 * Opens a database over one connection that prepares every query once: a simulation runs the same hundred queries millions of
 * times, and most take longer to plan than to run. Otherwise it reads rows as `runtime/database.ts` does. Nobody else is
 * there, so nothing is limited and nothing retried.
 */
export function openPreparedDatabase(url: string): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(pg.types.builtins.DATE, (text) => text);
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'simulation',
    Client: PreparingClient,
    types,
  });
  // a stop takes the server away; a query that runs then fails by itself
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}

class PreparingClient extends pg.Client {
  override query: pg.Client['query'] = (...asked: unknown[]) => {
    const [text, values] = asked;
    const hasValues = typeof text === 'string' && Array.isArray(values) && values.length > 0;
    const query = hasValues ? [{ name: nameOf(text), text, values }] : asked;
    return (super.query as (...all: unknown[]) => unknown).apply(this, query) as never;
  };
}
