import type { Kysely, Transaction } from 'kysely';
import type { DB } from './schema.ts';

/** The connection pool: opened once per process in `runtime/` and passed to whatever needs it. */
export type Database = Kysely<DB>;

/**
 * First argument of every function of the store: a transaction where facts change, the pool where they are only read.
 */
export type Tx = Transaction<DB> | Kysely<DB>;
