import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** Rows that one transaction encrypts of what versions before 0.3.0 have stored in clear. */
export const clearRowsAtOnce = 500;

/** Returns whether a table has a column, which a migration adds or drops. */
export async function hasColumn(tx: Tx, table: string, column: string): Promise<boolean> {
  const { rows } = await sql`
    select from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and column_name = ${column}`.execute(tx);
  return rows.length > 0;
}
