import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { builtProgram } from '../harness/built-program.ts';
import { asUser, databaseUsers } from '../harness/servers/database-users.ts';
import { createEmptyDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let database: TestDatabase;
let folder: string;
let program: string;
beforeAll(async () => {
  program = await builtProgram('worker/cli/migrate');
}, 300_000);
beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

/** Runs the command with these variables alone. @returns its exit code and the log's messages, with their rights */
function migrate(variables: Record<string, string>): Promise<{ code: number; said: unknown[] }> {
  const env = { PATH: process.env['PATH'], ...variables };
  return new Promise((resolve) => {
    execFile(process.execPath, [program], { env, cwd: folder }, (error, out) => {
      const lines = out.split('\n').filter(Boolean);
      const said = lines.map((line) => {
        const { msg, rights } = JSON.parse(line) as { msg: string; rights?: string[] };
        return rights ? [msg, ...rights] : msg;
      });
      resolve({ code: error ? Number(error.code) : 0, said });
    });
  });
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const warning = 'Database user may do more than the application needs';

test('with a user for each job, the application and analytics get what they need, and nothing is to be said', async () => {
  const analyticsUrl = asUser(database.url, databaseUsers.analytics);
  const { url, ownerUrl } = database;
  const users = { DATABASE_URL: url, MIGRATION_DATABASE_URL: ownerUrl, ANALYTICS_DATABASE_URL: analyticsUrl };
  expect(await migrate(users)).toEqual({ code: 0, said: ['Database is up to date'] });
  await ask(url, 'select from agents');
  await expect(ask(url, 'truncate agents')).rejects.toThrow('permission denied');
  await ask(analyticsUrl, 'select from request_ends');
  await expect(ask(analyticsUrl, 'select from agents')).rejects.toThrow('permission denied');
}, 60_000);

test('with one user everything is done, and it is said that they do two jobs', async () => {
  const { code, said } = await migrate({ DATABASE_URL: database.ownerUrl });
  expect({ code, messages: said.length }).toEqual({ code: 0, messages: 2 });
  expect(said).toContainEqual([warning, 'creates-tables', 'owns-tables']);
  await ask(database.ownerUrl, 'select from agents');
}, 60_000);
