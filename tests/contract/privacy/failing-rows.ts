import { sql } from 'kysely';
import type { Stack } from '../../harness/stack.ts';

/** Creates a trigger function that refuses a row and quotes it, with everybody's data, in each field of the error. */
export async function prepareRefusals({ db }: Stack): Promise<void> {
  await sql`
    create function refuse_row() returns trigger language plpgsql as $$
    declare
      quoted text := to_jsonb(new)::text || coalesce((select string_agg(one::text, ' ') from consumer_contacts one), '')
        || coalesce((select string_agg(one::text, ' ') from agents one), '');
    begin
      raise exception 'no row such as %', quoted using errcode = '23514', detail = quoted, hint = quoted,
        constraint = 'refused_for_a_while';
    end $$`.execute(db);
}

/** Runs `work` while a table refuses every new row with an error that quotes people. */
export async function whileRefusing<T>({ db }: Stack, table: string, work: () => Promise<T>): Promise<T> {
  await sql`
    create trigger refused before insert or update on ${sql.table(table)}
    for each row execute function refuse_row()`.execute(db);
  try {
    return await work();
  } finally {
    await sql`drop trigger refused on ${sql.table(table)}`.execute(db);
  }
}
