import { sql, type Transaction } from 'kysely';
import type { Database, Tx } from './connection.ts';
import type { DB } from './schema.ts';

/** The search path under which `now()` is the given clock, in queries, triggers and functions. */
export const clockSearchPath = 'given_clock, pg_catalog, public';

/** Creates the clock that `setNow` sets, for whoever has `clockSearchPath`. Needs the right to create a schema. */
export async function createClock(tx: Tx): Promise<void> {
  await sql`create schema given_clock`.execute(tx);
  await sql`create function given_clock.now() returns timestamptz language sql stable
    as $$ select current_setting('given_clock.now')::timestamptz $$`.execute(tx);
}

/** Sets the instant that `now()` returns on this connection. */
export async function setNow(tx: Tx, at: Date): Promise<void> {
  await sql`select set_config('given_clock.now', ${at.toISOString()}, false)`.execute(tx);
}

/**
 * Writes a past in the caller's transaction, all or nothing: in it `now()` is what `setNow` has set, and the transactions of
 * `work` are parts of it. Nothing of the clock is left afterwards. What a column dates by itself, such as the messages of the
 * outbox, has the real time, because a default is bound to the real clock.
 * @param tx of a user who may create a schema
 */
export async function underGivenClock<Result>(
  tx: Transaction<DB>,
  work: (clocked: Database) => Promise<Result>,
): Promise<Result> {
  await createClock(tx);
  await sql`select set_config('search_path', ${clockSearchPath}, true)`.execute(tx);
  const result = await work(withoutOwnTransactions(tx));
  await sql`drop schema given_clock cascade`.execute(tx);
  return result;
}

/** Has whoever begins a transaction go on in this one. */
function withoutOwnTransactions(tx: Transaction<DB>): Database {
  const begin = () => ({ execute: <T>(work: (inner: Transaction<DB>) => Promise<T>) => work(tx) });
  return Object.assign(tx, { transaction: begin as unknown as Database['transaction'] });
}
