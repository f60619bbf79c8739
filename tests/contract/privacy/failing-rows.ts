import { asOwner } from '../../harness/servers/postgres.ts';
import type { Stack } from '../../harness/stack.ts';

/** Creates a trigger function that refuses a row and quotes it, with everybody's data, in each field of the error. */
export async function prepareRefusals(stack: Stack): Promise<void> {
  await asOwner(
    stack,
    `create function refuse_row() returns trigger language plpgsql as $$
    declare
      quoted text := to_jsonb(new)::text || coalesce((select string_agg(one::text, ' ') from consumer_contacts one), '')
        || coalesce((select string_agg(one::text, ' ') from agents one), '');
    begin
      raise exception 'no row such as %', quoted using errcode = '23514', detail = quoted, hint = quoted,
        constraint = 'refused_for_a_while';
    end $$`,
  );
}

/** Runs `work` while a table refuses every new row with an error that quotes people. */
export async function whileRefusing<T>(stack: Stack, table: string, work: () => Promise<T>): Promise<T> {
  await asOwner(
    stack,
    `create trigger refused before insert or update on ${table} for each row execute function refuse_row()`,
  );
  try {
    return await work();
  } finally {
    await asOwner(stack, `drop trigger refused on ${table}`);
  }
}
