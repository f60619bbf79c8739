import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { createDatabase } from '../../../runtime/database.ts';
import { grantRights, readConnectedUser } from '../../../store/database/rights.ts';
import type { DB } from '../../../store/database/schema.ts';
import { asUser, databaseUsers } from '../../harness/servers/database-users.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';
import { type DatabaseFunction, rightsInCode } from './rights-in-code.ts';

let database: TestDatabase;
const clients: Partial<Record<keyof typeof databaseUsers, Client>> = {};
beforeAll(async () => {
  database = await createTestDatabase();
  for (const name of ['migrations', 'application', 'retention', 'analytics'] as const) {
    const client = new Client({ connectionString: asUser(database.url, databaseUsers[name]) });
    await client.connect();
    clients[name] = client;
  }
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.end()));
  await database.drop();
});

const as = (name: keyof typeof databaseUsers) => clients[name] as Client;

/** What a user may do, by table or view. */
async function granted(user: string): Promise<Record<string, string[]>> {
  const { rows } = await as('migrations').query<{ name: string; rights: string[] }>(
    `select c.relname as name, array(
        select lower(privilege_type) from aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
        where r.rolname = $1 order by 1) as rights
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') order by 1`,
    [user],
  );
  return Object.fromEntries(rows.map(({ name, rights }) => [name, rights]));
}

test.each(['application', 'retention'] as const)(
  'the user of %s may do with each table what its code does, and no more',
  async (user) => {
    const { rows } = await as('migrations').query<DatabaseFunction>(
      `select proname as name, prosrc as body from pg_proc where pronamespace = 'public'::regnamespace`,
    );
    const found = await granted(databaseUsers[user].name);
    expect(found).toEqual(rightsInCode(user, Object.keys(found), rows));
  },
);

describe('the application', () => {
  test.each([
    ['create table copied as select * from accounts', 'permission denied for schema public'],
    ['create function f() returns integer language sql return 1', 'permission denied for schema public'],
    ['create schema copies', 'permission denied for database'],
    ['drop table sessions', 'must be owner of table sessions'],
    ['alter table sessions add column more text', 'must be owner of table sessions'],
    ['truncate outbox', 'permission denied for table outbox'],
    ['delete from agents', 'permission denied for table agents'],
    [`update events set kind = 'another'`, 'permission denied for table events'],
    [`update security_events set kind = 'log-in'`, 'permission denied for table security_events'],
    [`update terms_acceptances set version = '1'`, 'permission denied for table terms_acceptances'],
    ['delete from match_decisions', 'permission denied for table match_decisions'],
    ['delete from events', 'permission denied for table events'],
    ['delete from consents', 'permission denied for table consents'],
    ['delete from destroyed_keys', 'permission denied for table destroyed_keys'],
    [`update terms_documents set text = ''`, 'permission denied for table terms_documents'],
    ['select from migrations', 'permission denied for table migrations'],
    ['alter table events disable trigger all', 'must be owner of table events'],
    ['create role another', 'permission denied to create role'],
    ['set role hod_migrations', 'permission denied to set role'],
    [`copy accounts to program 'cat'`, 'permission denied to COPY to or from an external program'],
    ['select pg_read_file($$/etc/hostname$$)', 'permission denied for function pg_read_file'],
  ])('may not: %s', async (statement, refusal) => {
    await expect(as('application').query(statement)).rejects.toThrow(refusal);
  });

  test('has nothing to be warned of, unlike the owner of the tables', async () => {
    const [application, owner] = [database.url, database.ownerUrl].map((url) => createDatabase<DB>(url));
    try {
      expect(application && (await readConnectedUser(application))).toEqual({
        name: 'hod_application',
        excessRights: [],
      });
      expect(owner && (await readConnectedUser(owner))).toEqual({
        name: 'hod_migrations',
        excessRights: ['creates-tables', 'owns-tables'],
      });
    } finally {
      await Promise.all([application?.destroy(), owner?.destroy()]);
    }
  });
});

describe('the user of retention', () => {
  test.each([
    ['insert into accounts default values', 'permission denied for table accounts'],
    [`update events set kind = 'another'`, 'permission denied for table events'],
    ['delete from feed_releases', 'permission denied for table feed_releases'],
    ['delete from invitations', 'permission denied for table invitations'],
    ['delete from terms_acceptances', 'permission denied for table terms_acceptances'],
    ['drop table sessions', 'must be owner of table sessions'],
  ])('may not: %s', async (statement, refusal) => {
    await expect(as('retention').query(statement)).rejects.toThrow(refusal);
  });
});

describe('analytics', () => {
  const readable = ['offer_answers', 'request_ends', 'waiting_time_counts', 'waiting_times'];

  test('reads what is about nobody, and nothing else', async () => {
    const found = await granted(databaseUsers.analytics.name);
    const some = Object.entries(found).filter(([, rights]) => rights.length > 0);
    expect(some).toEqual(readable.map((name) => [name, ['select']]));
    for (const name of readable) await as('analytics').query(`select * from ${name} limit 1`);
  });

  test('sees no column of a person’s name, contact, secret or words', async () => {
    const { rows } = await as('migrations').query<{ column: string }>(
      `select table_name || '.' || column_name as column from information_schema.columns
        where table_name = any ($1) and column_name ~ 'first|last_name|email|phone|token|password|hash|reason|address|user'`,
      [readable],
    );
    expect(rows).toEqual([]);
  });

  test.each([
    'select from agents',
    'select from accounts',
    'select from sessions',
    'select from consumer_contacts',
    'select from referrals',
    'select from invitations',
    'delete from waiting_times',
    'select from marketplaces',
    'create temporary table copied (id integer); create table copied (id integer)',
  ])('may not: %s', async (statement) => {
    await expect(as('analytics').query(statement)).rejects.toThrow('permission denied');
  });
});

test('rights that were granted by hand, or that a later version no longer needs, are taken back', async () => {
  const { application, retention, analytics } = databaseUsers;
  const before = await granted(application.name);
  await as('migrations').query(`
    grant truncate on outbox to ${application.name}; grant update on events to ${application.name};
    revoke all on agents from ${application.name}; grant select on agents to ${analytics.name}`);
  await grantRights(database.ownerUrl, {
    application: application.name,
    retention: retention.name,
    analytics: analytics.name,
  });
  expect(await granted(application.name)).toEqual(before);
  expect((await granted(analytics.name))['agents']).toEqual([]);
});

test('an application without a user for retention does that job too, and may then delete', async () => {
  const { application, retention } = databaseUsers;
  await grantRights(database.ownerUrl, { application: application.name });
  await as('application').query('delete from events');
  await expect(as('application').query(`update events set kind = 'another'`)).rejects.toThrow(
    'permission denied',
  );
  await grantRights(database.ownerUrl, { application: application.name, retention: retention.name });
  await expect(as('application').query('delete from events')).rejects.toThrow('permission denied');
});

test('one user may do every job: nothing is granted, and nothing taken', async () => {
  const before = await granted(databaseUsers.migrations.name);
  await grantRights(database.ownerUrl, { application: databaseUsers.migrations.name });
  expect(await granted(databaseUsers.migrations.name)).toEqual(before);
  await as('migrations').query('truncate outbox');
});
