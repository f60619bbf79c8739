import { sql } from 'kysely';
import type { Database } from '../../store/database/connection.ts';
import { monday } from './activity-harness.ts';

/**
 * Inserts agents without onboardings who can be asked in Austin, and in `states` more, and gathers statistics, so that
 * queries are planned as among many.
 * @returns their NPNs
 */
export async function seedManyAgents(
  db: Database,
  { count, states = [] }: { count: number; states?: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ npn: string }>`
    insert into agents (npn, first_name, last_name, email, synced_at, registered_at, contact_preference, lat, lon,
      languages, states_wanted)
    select (900000 + n)::text, 'A', 'B', n || '@example.com', ${monday}, ${monday}, 'email', 30.2713, -97.7426,
      '{en}', ${['TX', ...states]}::text[]
    from generate_series(1, ${count}::integer) n
    returning npn`.execute(db);
  await sql`
    insert into serving (npn, state, from_at, plan_year)
    select npn, state, ${monday}, 2027 from agents, unnest(states_wanted) state where npn::integer > 900000`.execute(
    db,
  );
  await sql`analyze`.execute(db);
  return rows.map(({ npn }) => npn);
}
