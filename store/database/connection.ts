import type { Kysely, Transaction } from 'kysely';
import type { DB } from './schema.ts';

/** The pool: opened once per process in `runtime/`, passed in everywhere. */
export type Database = Kysely<DB>;

/** Every function of the store takes one: a transaction where facts change, the pool where they are only read. */
export type Tx = Transaction<DB> | Kysely<DB>;
