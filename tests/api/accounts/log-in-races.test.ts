import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { sql } from 'kysely';
import { hashPassword } from '../../../store/accounts/passwords.ts';
import { type ApiAnswer, type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { testPassword } from '../../harness/people.ts';
import { addAccount, type TestAccount } from './account-people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const logIn = ({ username }: TestAccount) =>
  api.call('POST /v1/session', { body: { username, password: testPassword } });
const hashOf = async ({ accountId }: TestAccount) => {
  const accounts = api.db.selectFrom('accounts').select('passwordHash').where('id', '=', accountId);
  return (await accounts.executeTakeFirstOrThrow()).passwordHash;
};
const setHash = (account: TestAccount, passwordHash: string) =>
  api.db.updateTable('accounts').set({ passwordHash }).where('id', '=', account.accountId).execute();

test('a log-in whose password is replaced while it is checked opens no session', async () => {
  const account = await addAccount(api);
  await setHash(account, await hashPassword(testPassword));
  const other = await hashPassword('Meadow!Trumpet4');
  let answer: Promise<ApiAnswer> | undefined;
  await api.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('accounts')
      .set({ passwordHash: other })
      .where('id', '=', account.accountId)
      .execute();
    answer = logIn(account);
    await eventually(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::integer as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(api.db);
      expect(rows[0]?.waiting).toBe(1);
    });
  });
  const refused = await (answer as Promise<ApiAnswer>);
  expect([refused.status, problemNameOf(refused)]).toEqual([401, 'log-in-failed']);
  const sessions = api.db.selectFrom('sessions').select('id').where('accountId', '=', account.accountId);
  expect(await sessions.execute()).toEqual([]);
});

test('a hash with another cost is replaced at the log-in, and of several log-ins at once each succeeds', async () => {
  const account = await addAccount(api);
  const before = await hash(testPassword, { memoryCost: 4096, timeCost: 1 });
  await setHash(account, before);
  const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(account)));
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  const now = await hashOf(account);
  expect(now).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await logIn(account)).status).toBe(200);
  expect(await hashOf(account)).toBe(now);
});
