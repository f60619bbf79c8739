import { type Kysely, sql, type Transaction } from 'kysely';
import type { Pool } from 'pg';
import type { DB } from './schema.ts';

/** The connection pool: opened once per process in `runtime/` and passed to whatever needs it. */
export type Database = Kysely<DB>;

/**
 * First argument of every function of the store: a transaction where facts change, the pool where they are only read.
 */
export type Tx = Transaction<DB> | Kysely<DB>;

/** A pool of plain connections, for imports that copy a file into Postgres as a stream. */
export type ImportPool = Pool;

/** Asks Postgres for an answer, for probes of readiness. @throws when it cannot be reached */
export async function ping(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
