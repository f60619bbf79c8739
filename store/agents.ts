import { sql } from 'kysely';
import type { Tx } from './database.ts';

/**
 * Takes an agent's name and email address over from the MLMS feed, their only source (guide, Registration 2):
 * the row of the newest plan year counts.
 * Languages and states are a first proposal: after registration they are the agent's own.
 * @returns the address that was replaced, unless mail to it is known to come back
 */
export async function syncAgent(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<{ addressWas: string } | undefined> {
  const { rows } = await sql<{ addressWas: string | null }>`
    with known as (select email, email_undeliverable_at from agents where npn = ${npn})
    insert into agents as a (npn, first_name, last_name, email, synced_at, languages, states_wanted)
    select npn, first_name, last_name, email, ${at}, languages, states_wanted
    from training_completions where npn = ${npn} order by plan_year desc limit 1
    on conflict (npn) do update set
      first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
      synced_at = excluded.synced_at,
      email_undeliverable_at = case when a.email = excluded.email then a.email_undeliverable_at end,
      languages = case when a.registered_at is null then excluded.languages else a.languages end,
      states_wanted = case when a.registered_at is null then excluded.states_wanted else a.states_wanted end
    where (a.first_name, a.last_name, a.email) is distinct from (excluded.first_name, excluded.last_name, excluded.email)
       or (a.registered_at is null and (a.languages, a.states_wanted) is distinct from (excluded.languages, excluded.states_wanted))
    returning (select known.email from known
      where known.email <> a.email and known.email_undeliverable_at is null) as address_was`.execute(tx);
  const addressWas = rows[0]?.addressWas;
  return addressWas ? { addressWas } : undefined;
}
