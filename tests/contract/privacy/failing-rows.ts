import { sql } from 'kysely';
import type { Stack } from '../../harness/stack.ts';

/** Makes the function by which a table refuses a row and quotes it, with every consumer, in each field of the error. */
export async function prepareRefusals({ db }: Stack): Promise<void> {
  await sql`
    create function refuse_row() returns trigger language plpgsql as $$
    declare
      told text := to_jsonb(new)::text || coalesce((select string_agg(one::text, ' ') from consumer_contacts one), '')
        || coalesce((select string_agg(one::text, ' ') from agents one), '');
    begin
      raise exception 'no row such as %', told using errcode = '23514', detail = told, hint = told,
        constraint = 'refused_for_a_while';
    end $$`.execute(db);
}

/** While `work` goes on, a table takes no new row and its errors quote people. */
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
