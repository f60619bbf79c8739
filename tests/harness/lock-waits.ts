import { expect } from '@jest/globals';
import { sql } from 'kysely';
import type { Database } from '../../store/database/connection.ts';
import { eventually } from './eventually.ts';

/** Waits until so many statements in the database wait for a lock that somebody holds. */
export async function untilLocked(db: Database, count = 1): Promise<void> {
  await eventually(async () => {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::integer as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    expect(rows[0]?.waiting).toBe(count);
  });
}
