import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '../../../store/database/migrate.ts';
import { grantRights } from '../../../store/database/rights.ts';
import { createUsers, type DatabaseUsers } from '../../../store/database/users.ts';
import { asUser } from '../../harness/servers/database-users.ts';
import { createEmptyDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';
import { getSharedServer } from '../../harness/servers/shared-servers.ts';

const login = (name: string) => ({
  name: `${name} ${randomBytes(4).toString('hex')}`,
  password: `it's "${name}"`,
});
const users = {
  migrations: login('owner'),
  application: login('app'),
  retention: login('retention'),
  analytics: login('figures'),
  temporal: login('temporal'),
} satisfies DatabaseUsers;

let database: TestDatabase;
let superuserUrl: string;
beforeAll(async () => {
  database = await createEmptyDatabase();
  const { pathname } = new URL(database.url);
  superuserUrl = Object.assign(new URL((await getSharedServer('postgres')).url), { pathname }).href;
  // as an earlier version did, whose only user was a superuser
  await ask(superuserUrl, `alter database "${pathname.slice(1)}" owner to hod`);
  await migrate(superuserUrl);
  await createUsers(superuserUrl, users);
});
afterAll(() => database.drop());

async function ask<Row>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end();
  }
}

const urlOf = (user: keyof typeof users, other = '') => {
  const url = asUser(superuserUrl, users[user]);
  return other === '' ? url : Object.assign(new URL(url), { pathname: `/${other}` }).href;
};

test('what the superuser of an earlier version owned is the new owner’s, who migrates it', async () => {
  const others = await ask(
    superuserUrl,
    `select oid::regclass::text from pg_class
      where relnamespace = 'public'::regnamespace and pg_get_userbyid(relowner) <> '${users.migrations.name}'
     union all select oid::regprocedure::text from pg_proc
      where pronamespace = 'public'::regnamespace and pg_get_userbyid(proowner) <> '${users.migrations.name}'
     union all select typname from pg_type
      where typnamespace = 'public'::regnamespace and pg_get_userbyid(typowner) <> '${users.migrations.name}'`,
  );
  expect(others).toEqual([]);
  await ask(urlOf('migrations'), `update reference_files set sha256 = '-' where name = 'marketplaces'`);
  await migrate(urlOf('migrations'));
  await ask(urlOf('migrations'), 'alter table agents add column later text');
});

test('none of them is a superuser, and the application works once it has its rights', async () => {
  const names = Object.values(users).map(({ name }) => `'${name}'`);
  expect(
    await ask(
      superuserUrl,
      `select rolname from pg_roles where rolname in (${names.join()}) and
        (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls or not rolcanlogin)`,
    ),
  ).toEqual([]);
  await expect(ask(urlOf('application'), 'select from agents')).rejects.toThrow('permission denied');
  await grantRights(urlOf('migrations'), { application: users.application.name });
  await ask(urlOf('application'), 'select from agents');
  await ask(urlOf('application'), 'create temporary table staged as select * from agents');
});

test('Temporal’s user reaches its own databases and not ours, and nobody else reaches its', async () => {
  for (const name of ['temporal', 'temporal_visibility'])
    await ask(urlOf('temporal', name), 'create table if not exists history (id integer)');
  await expect(ask(urlOf('temporal'), 'select 1')).rejects.toThrow('permission denied for database');
  await expect(ask(urlOf('application', 'temporal'), 'select 1')).rejects.toThrow(
    'permission denied for database',
  );
  await expect(ask(urlOf('analytics', 'temporal'), 'select 1')).rejects.toThrow(
    'permission denied for database',
  );
});

test('making them again changes nothing but a password', async () => {
  const changed = { ...users.application, password: 'another' };
  await createUsers(superuserUrl, { ...users, application: changed });
  await ask(asUser(superuserUrl, changed), 'select from agents');
  await expect(ask(urlOf('application'), 'select from agents')).rejects.toThrow(
    'password authentication failed',
  );
});
