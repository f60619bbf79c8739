import { sql } from 'kysely';
import type { Tx } from '../../store/database/connection.ts';

/**
 * Counts the rows of a table that a transaction reads while `work` runs, from the table itself and from its indexes, by
 * Postgres's own statistics. Other transactions do not count.
 */
export async function countRowsRead(tx: Tx, table: string, work: () => Promise<unknown>): Promise<number> {
  const before = await rowsReadSoFar(tx, table);
  await work();
  return (await rowsReadSoFar(tx, table)) - before;
}

async function rowsReadSoFar(tx: Tx, table: string): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select (pg_stat_get_xact_tuples_returned(${table}::regclass) + coalesce((
      select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index
      where indrelid = ${table}::regclass), 0))::integer as read`.execute(tx);
  return rows[0]?.read ?? Number.NaN;
}
