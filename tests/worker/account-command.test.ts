import { execFile } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createDatabase } from '../../runtime/database.ts';
import { openAgentAccount } from '../../store/accounts/accounts.ts';
import { verifyPassword } from '../../store/accounts/passwords.ts';
import { appSecret } from '../../store/accounts/totp.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { builtProgram } from '../harness/built-program.ts';
import { addAgent } from '../harness/people/people.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let database: TestDatabase;
let db: Database;
let program: string;
beforeAll(async () => {
  program = await builtProgram('worker/cli/account');
}, 300_000);
beforeEach(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

const linkSecret = 'c'.repeat(64);

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, LINK_SECRET: linkSecret };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const passwordIn = (out: string) => /^password: (\S+)$/m.exec(out)?.[1] ?? '';
const accountOf = (username: string) =>
  db.selectFrom('accounts').selectAll().where('username', '=', username).executeTakeFirstOrThrow();

test('the command opens an account and prints its password; the same name again gets a new one and loses its sessions', async () => {
  const first = await run('ops-admin', 'first.admin');
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(
    /^role: ops-admin\nusername: first\.admin\npassword: \S+\ntotpSecret: [A-Z2-7]{32}\ntotpUri: otpauth:\S+\n$/,
  );
  const { id, passwordHash, passwordEndsAt } = await accountOf('first.admin');
  const inHours = (Number(passwordEndsAt) - Date.now()) / 3_600_000;
  expect([inHours > 71.9, inHours < 72]).toEqual([true, true]);
  expect(await verifyPassword(passwordHash, passwordIn(first.out))).toMatchObject({ isRight: true });
  const at = new Date();
  await db
    .insertInto('sessions')
    .values({ tokenSha256: 'a'.repeat(64), accountId: id, createdAt: at, expiresAt: at })
    .execute();
  await db.updateTable('accounts').set({ deactivatedAt: at }).where('id', '=', id).execute();

  await db
    .insertInto('recoveryCodes')
    .values({ accountId: id, codeSha256: 'a'.repeat(64) })
    .execute();

  const second = await run('ops', 'First.Admin');
  const account = await accountOf('first.admin');
  expect(account).toMatchObject({ id, role: 'ops', deactivatedAt: null });
  expect(await verifyPassword(account.passwordHash, passwordIn(second.out))).toMatchObject({ isRight: true });
  expect(await db.selectFrom('sessions').select('accountId').execute()).toEqual([]);
  expect(await db.selectFrom('recoveryCodes').select('accountId').execute()).toEqual([]);
  const { keyId } = await db.selectFrom('authenticatorApps').select('keyId').executeTakeFirstOrThrow();
  const { secret } = appSecret({ linkSecret, accountId: id, keyId }, account.username);
  expect(second.out).toContain(`\ntotpSecret: ${secret}\n`);
  expect(first.out).not.toContain(secret);
  expect(
    await db.selectFrom('securityEvents').select(['kind', 'accountId', 'detail']).orderBy('id').execute(),
  ).toEqual([
    { kind: 'rights-changed', accountId: id, detail: 'ops-admin' },
    { kind: 'rights-changed', accountId: id, detail: 'ops' },
  ]);
});

test('the command leaves the account of an agent alone', async () => {
  const npn = await addAgent(db);
  const agent = { npn, username: 'ana.reyes', passwordHash: 'as before', at: new Date() };
  await openAgentAccount(db, agent);
  expect(await run('ops', 'Ana.Reyes')).toEqual({
    code: 1,
    out: '',
    err: 'This is the username of an agent. Choose another one.\n',
  });
  expect(await accountOf('ana.reyes')).toMatchObject({ role: 'agent', passwordHash: 'as before' });
});
