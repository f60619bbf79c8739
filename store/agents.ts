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
    with known as (select * from agents where npn = ${npn}),
    told as (
      select npn, first_name, last_name, email, languages, states_wanted
      from training_completions where npn = ${npn} order by plan_year desc limit 1
    )
    insert into agents as a (npn, first_name, last_name, email, synced_at, languages, states_wanted)
    select npn, first_name, last_name, email, ${at}, languages, states_wanted from told
    -- an upsert holds the row even where it changes nothing, and matching passes over an agent whose row is held
    where not exists (
      select from known k
      where (k.first_name, k.last_name, k.email) = (told.first_name, told.last_name, told.email)
        and (k.registered_at is not null
          or (k.languages, k.states_wanted) = (told.languages, told.states_wanted)))
    on conflict (npn) do update set
      first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
      synced_at = excluded.synced_at,
      email_undeliverable_at = case when a.email = excluded.email then a.email_undeliverable_at end,
      languages = case when a.registered_at is null then excluded.languages else a.languages end,
      states_wanted = case when a.registered_at is null then excluded.states_wanted else a.states_wanted end
    returning (select known.email from known
      where known.email <> a.email and known.email_undeliverable_at is null) as address_was`.execute(tx);
  const addressWas = rows[0]?.addressWas;
  return addressWas ? { addressWas } : undefined;
}
