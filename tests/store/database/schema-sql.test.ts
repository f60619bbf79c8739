import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { readCatalog } from '../../../scripts/schema-sql/catalog.ts';
import { renderSchema } from '../../../scripts/schema-sql/render.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../harness/servers/postgres.ts';

let databases: TestDatabase[];
let migrated: Client;
let empty: Client;

beforeAll(async () => {
  databases = [await createTestDatabase(), await createEmptyDatabase()];
  [migrated, empty] = (await Promise.all(databases.map(connect))) as [Client, Client];
});

afterAll(async () => {
  await Promise.all([migrated.end(), empty.end()]);
  await Promise.all(databases.map((database) => database.drop()));
});

async function connect({ ownerUrl }: TestDatabase): Promise<Client> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  return client;
}

const schemaOf = async (client: Client) => renderSchema(await readCatalog(client));

describe('the schema for people to read', () => {
  test('is the schema: an empty database that runs it has the same tables, functions and views', async () => {
    const schema = await schemaOf(migrated);
    await empty.query(schema);
    expect(withoutComments(await schemaOf(empty))).toBe(withoutComments(schema));
  });

  test('says of every table, view, function and domain what it is', async () => {
    const { domains, functions, tables, views } = await readCatalog(migrated);
    const silent = [...domains, ...functions, ...tables, ...views].filter(({ comment }) => comment === null);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test('shows comments above what they are about, and leaves casts and storage words out', async () => {
    await migrated.query(`
      create domain letter as text check (length(value) = 1);
      create table b (id uuid primary key, kind text not null default 'x' check (kind in ('x', 'Y')));
      create table a (b_id uuid not null references b, letter letter, n integer, primary key (b_id, n));
      create unique index a_letters on a (letter) where n > 1;
      comment on table a is 'One letter of a b.';
      comment on column a.letter is 'A letter; null: none.';`);
    const schema = await schemaOf(migrated);
    expect(schema).toContain(`create table b (
  id uuid primary key,
  kind text not null default 'x' check (kind in ('x', 'Y'))
);

-- One letter of a b.
create table a (
  b_id uuid not null references b (id),
  -- A letter; null: none.
  letter letter,
  n integer not null,
  constraint a_pkey primary key (b_id, n)
);
create unique index a_letters on a (letter) where n > 1;
`);
  });
});

/** Loading a schema does not load what its comments say. */
function withoutComments(schema: string): string {
  return schema.replaceAll(/^ *--.*\n/gm, '');
}
