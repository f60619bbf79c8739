import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { asUser, databaseUsers } from './database-users.ts';
import { getSharedServer } from './shared-servers.ts';

export interface TestDatabase {
  /** With the user of the application, so that every test finds a right that it lacks. */
  url: string;
  /** With the owner of the tables, for what a test arranges and the application may not do. */
  ownerUrl: string;
  /** Removes the database, also while connections to it are open. */
  drop(): Promise<void>;
}

/**
 * Creates a database on the Postgres of this Jest run by copying the migrated template, in some hundredths of a second.
 * The first call of a run also starts Postgres and migrates the template.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { name: template } = await getSharedServer('template');
  // file_copy takes half the time of the default, which copies through the log
  return createDatabase('test', `template ${escapeIdentifier(template)} strategy file_copy`);
}

/** Creates an empty database, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('empty', '');
}

async function createDatabase(prefix: string, options: string): Promise<TestDatabase> {
  const { url: adminUrl } = await getSharedServer('postgres');
  const { migrations, application } = databaseUsers;
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await execute(adminUrl, `create database ${escapeIdentifier(name)} owner ${migrations.name} ${options}`);
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  return {
    url: asUser(url, application),
    ownerUrl: asUser(url, migrations),
    drop: () => execute(adminUrl, `drop database ${escapeIdentifier(name)} with (force)`),
  };
}

/** Runs statements with the owner of the tables, for what the application may not do. */
export function asOwner({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>, statements: string): Promise<void> {
  return execute(ownerUrl, statements);
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
